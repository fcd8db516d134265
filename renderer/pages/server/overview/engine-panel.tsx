import { Stack } from '@mantine/core';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { KeyValues } from '../../../ui/key-values.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { EngineSteps } from './engine-steps.tsx';
import { engineFigures } from './engine-figures.ts';

/** An engine tells its figures with every token; this is often enough to be read. */
const POLL_MS = 2_000;

/** What the engine behind the server does inside: its newest steps. */
export const EnginePanel = ({ replicaId }: { readonly replicaId: string }) => {
  const { queries } = useServices();
  const engines = useQuery(queries.engines());
  usePoll(engines.poll, POLL_MS);
  return (
    <Panel title="Engine">
      <QueryView query={engines} what="the engine">
        {(replicas) => {
          const replica = replicas.find(({ id }) => id === replicaId);
          if (replica === undefined) return <EmptyState text="The engine is not loaded in this host." />;
          return (
            <Stack gap="lg">
              <KeyValues
                items={engineFigures(replica).map((figure) => [
                  figure.name,
                  figure.value ?? <Unknown key={figure.name} reason={figure.reason} />,
                ])}
              />
              {replica.steps === undefined ? null : <EngineSteps replicaId={replicaId} />}
            </Stack>
          );
        }}
      </QueryView>
    </Panel>
  );
};
