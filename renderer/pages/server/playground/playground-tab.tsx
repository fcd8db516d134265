import { MultiSelect } from '@mantine/core';
import { useState } from 'react';
import { useLive } from '../../../live/use-live.ts';
import { formatRoute } from '../../../router/route.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { Playground } from './playground.tsx';

/** As many as fit side by side. */
const MOST = 3;

/** The same question to several models at once, with how fast each answered. */
export const PlaygroundTab = () => {
  const server = useLive('server');
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const served = server.type === 'on' ? server.models.map(({ modelId }) => modelId) : [];
  const asked = (chosen ?? served).filter((id) => served.includes(id)).slice(0, MOST);
  return (
    <ServerFrame
      tab="playground"
      lead="The same question to several models at once, over the same HTTP a client uses, with how fast each answered."
    >
      {server.type === 'on' ? (
        <>
          <Panel title="Models">
            <MultiSelect
              label="Ask"
              description={
                served.length === 1
                  ? 'One model is served; turn the server off and choose others beside it to compare answers.'
                  : 'Up to three, side by side'
              }
              data={served}
              maxValues={MOST}
              value={[...asked]}
              onChange={setChosen}
            />
          </Panel>
          {asked.length === 0 ? null : <Playground modelIds={asked} />}
        </>
      ) : (
        <Panel title="The server is off">
          <EmptyState
            text="Turn the server on first."
            action={<a href={formatRoute({ page: 'server', tab: 'overview' })}>To the server</a>}
          />
        </Panel>
      )}
    </ServerFrame>
  );
};
