import { Button } from '@mantine/core';
import { IconPlayerStop, IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import { readLora } from '../../../../shared/units/read-lora.ts';
import { useModelActions } from '../../../actions/use-model-actions.ts';
import { useAction } from '../../../live/use-action.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useLive } from '../../../live/use-live.ts';
import { useServices } from '../../../services-context.ts';
import { RequestTable } from '../requests/request-table.tsx';
import { ReachPanel } from '../network/reach-panel.tsx';
import { ServerFrame } from '../server-frame.tsx';
import { ApiKeyPanel } from './api-key-panel.tsx';
import { EnginePanel } from './engine-panel.tsx';
import { Playground } from '../playground/playground.tsx';
import { ServerAddress } from './server-address.tsx';
import classes from './overview-tab.module.css';
import { SnippetPanel } from './snippet-panel.tsx';
import { StartPanel } from './start-panel.tsx';

/** The local OpenAI-compatible server: on and off, how to reach it, what it does now, and a chat to try it. */
export const OverviewTab = () => {
  const { client, queries } = useServices();
  const server = useLive('server');
  const stop = useAction(async () => {
    await client.server.stop({});
  });
  const { serve } = useModelActions();
  const bundledId = useQuery(queries.info()).data?.bundledModelId ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const [alsoIds, setAlsoIds] = useState<readonly string[]>([]);
  const [loraTexts, setLoraTexts] = useState<readonly string[]>([]);
  const lora = loraTexts.flatMap((text) => readLora(text) ?? []);
  const modelId = chosen ?? bundledId;
  const isOn = server.type === 'on';
  return (
    <ServerFrame
      tab="overview"
      lead={
        isOn
          ? undefined
          : 'Serves models of the library to every program that speaks the OpenAI API, on this machine only.'
      }
      actions={
        isOn || server.type === 'starting' ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={15} aria-hidden />}
            onClick={() => stop.run()}
            loading={stop.isRunning}
          >
            Turn off
          </Button>
        ) : (
          <Button
            leftSection={<IconPower size={15} aria-hidden />}
            disabled={modelId === null || lora.length < loraTexts.length}
            loading={serve.isRunning}
            onClick={() => {
              if (modelId !== null) serve.run(modelId, undefined, { also: alsoIds, lora });
            }}
          >
            Turn on
          </Button>
        )
      }
    >
      {isOn ? (
        <>
          <ServerAddress server={server} />
          <div className={classes.columns}>
            <div className={classes.side}>
              <SnippetPanel server={server} />
              <ReachPanel network={server.network} />
              <ApiKeyPanel />
            </div>
            <div className={classes.side}>
              <Playground key={server.replicaId} modelIds={[server.modelId]} />
              <EnginePanel replicaId={server.replicaId} />
            </div>
          </div>
        </>
      ) : (
        <StartPanel
          server={server}
          modelId={modelId}
          onChoose={setChosen}
          alsoIds={alsoIds}
          onChooseAlso={setAlsoIds}
          loraTexts={loraTexts}
          onChooseLora={setLoraTexts}
        />
      )}
      <RequestTable />
    </ServerFrame>
  );
};
