import { ActionIcon } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useStore } from '../live/use-store.ts';
import { useServices } from '../services-context.ts';
import { FailedState } from '../ui/failed-state.tsx';
import classes from './notice-list.module.css';

/** Messages, bottom right. Read out politely; a problem stays until it is closed or tried again. */
export const NoticeList = () => {
  const { notices } = useServices();
  const list = useStore(notices.store);
  return (
    <div className={classes.list} aria-live="polite">
      {list.map((notice) => (
        <div key={notice.id} className={classes.notice}>
          {notice.type === 'done' ? (
            <p className={classes.done}>
              <IconCheck size={16} aria-hidden /> {notice.text}
            </p>
          ) : (
            <FailedState
              problem={notice.problem}
              onRetry={
                notice.retry === undefined
                  ? undefined
                  : () => {
                      notices.dismiss(notice.id);
                      notice.retry?.();
                    }
              }
            />
          )}
          <ActionIcon
            className={classes.close ?? ''}
            size="sm"
            aria-label="Close message"
            onClick={() => notices.dismiss(notice.id)}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
    </div>
  );
};
