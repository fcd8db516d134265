import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import type { Notice } from '../live/notices.ts';
import { useStore } from '../live/use-store.ts';
import { useServices } from '../services-context.ts';
import { FailedState } from '../ui/failed-state.tsx';
import classes from './notice-list.module.css';

const Content = ({ notice }: { readonly notice: Notice }) => {
  const { notices } = useServices();
  switch (notice.type) {
    case 'done':
      return (
        <p className={classes.done}>
          <IconCheck size={16} aria-hidden /> {notice.text}
        </p>
      );
    case 'alert':
      return (
        <div className={classes.alert}>
          <IconAlertTriangle size={16} aria-hidden />
          <div>
            <p>{notice.title}</p>
            <p className="muted">{notice.detail}</p>
          </div>
        </div>
      );
    case 'problem': {
      const { id, problem, retry } = notice;
      const again = (): void => {
        notices.dismiss(id);
        retry?.();
      };
      return <FailedState problem={problem} onRetry={retry === undefined ? undefined : again} />;
    }
    default:
      return notice satisfies never;
  }
};

/** Messages, bottom right. Read out politely; a problem stays until it is closed or tried again. */
export const NoticeList = () => {
  const { notices } = useServices();
  const list = useStore(notices.store);
  return (
    <div className={classes.list} aria-live="polite">
      {list.map((notice) => (
        <div key={notice.id} className={classes.notice}>
          <Content notice={notice} />
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
