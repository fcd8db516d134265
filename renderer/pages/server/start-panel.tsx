import { Button, Select } from '@mantine/core';
import { IconPower } from '@tabler/icons-react';
import { useState } from 'react';
import type { ServerStatus } from '../../../shared/contract/server.ts';
import { formatFraction } from '../../../shared/units/format.ts';
import { useModelActions } from '../../actions/use-model-actions.ts';
import { useQuery } from '../../live/use-query.ts';
import { useLive } from '../../live/use-live.ts';
import { useServices } from '../../services-context.ts';
import { fromErrorPayload } from '../../transport/problem.ts';
import { FailedState } from '../../ui/failed-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import classes from './start-panel.module.css';

/** The server while it is off, loading, or failed. */
export const StartPanel = ({ server }: { readonly server: Exclude<ServerStatus, { type: 'on' }> }) => {
  const { queries } = useServices();
  const models = useLive('models');
  const bundledId = useQuery(queries.info()).data?.bundledModelId ?? null;
  const [chosen, setChosen] = useState<string | null>(null);
  const { serve } = useModelActions();
  const modelId = chosen ?? bundledId;
  const usable = models.filter((model) => model.problem === null);
  return (
    <Panel title={server.type === 'starting' ? `Loading ${server.modelId}` : 'The server is off'}>
      {server.type === 'failed' ? <FailedState problem={fromErrorPayload(server.error)} /> : null}
      {server.type === 'starting' ? (
        <div className={classes.loading}>
          <ProgressBar label={`Loading ${server.modelId}`} fraction={server.fraction} />
          <span className="figures">{formatFraction(server.fraction)}</span>
        </div>
      ) : (
        <div className={classes.form}>
          <Select
            label="Model to serve"
            searchable
            data={usable.map((model) => ({ value: model.id, label: model.id }))}
            value={modelId}
            onChange={setChosen}
            w="26rem"
            maw="100%"
          />
          <Button
            leftSection={<IconPower size={15} aria-hidden />}
            disabled={modelId === null}
            loading={serve.isRunning}
            onClick={() => {
              if (modelId !== null) serve.run(modelId);
            }}
          >
            Turn on
          </Button>
        </div>
      )}
    </Panel>
  );
};
