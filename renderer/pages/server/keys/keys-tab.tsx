import { Button, Switch } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { hasEnded } from './key-state-text.ts';
import { KeyTable } from './key-table.tsx';
import { RolePanel } from './role-panel.tsx';

/** Last uses are written every few seconds, and the command line changes keys as well. */
const POLL_MS = 5_000;

/** Who may use the server: keys and what they may do. */
export const KeysTab = () => {
  const { dialogs, queries } = useServices();
  const keys = useQuery(queries.keys());
  usePoll(keys.poll, POLL_MS);
  const [showsEnded, setShowsEnded] = useState(false);
  const ended = keys.data?.filter(hasEnded).length ?? 0;
  return (
    <ServerFrame
      tab="keys"
      lead="A key decides who may do what, how often, and how much. Each program gets its own, so that one can be ended without the others."
      actions={
        <Button
          leftSection={<IconKey size={15} aria-hidden />}
          onClick={() => dialogs.open({ type: 'new-key' })}
        >
          New key
        </Button>
      }
    >
      <Panel
        title="Keys"
        isFlush
        actions={
          ended === 0 ? undefined : (
            <Switch
              size="xs"
              label={`Show ${ended} ended`}
              checked={showsEnded}
              onChange={(event) => setShowsEnded(event.currentTarget.checked)}
            />
          )
        }
      >
        <QueryView query={keys} what="the keys">
          {(all) => (
            <>
              <KeyTable keys={showsEnded ? all : all.filter((key) => !hasEnded(key))} />
              {all.length === 1 ? (
                <EmptyState text="So far there is only your own key, which can do everything. Make one with the role developer for each program: it may ask models and nothing else." />
              ) : null}
            </>
          )}
        </QueryView>
      </Panel>
      <RolePanel />
    </ServerFrame>
  );
};
