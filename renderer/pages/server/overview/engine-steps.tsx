import { useEffect, useState } from 'react';
import type { EngineStep } from '../../../../shared/contract/engine-steps.ts';
import { TimeFigure } from '../../../charts/time-figure.tsx';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { QueryView } from '../../../ui/query-view.tsx';
import { createStepSeries } from './step-series.ts';

/** Often enough to be read. */
const POLL_MS = 2_000;

const StepChart = ({ steps }: { readonly steps: readonly EngineStep[] }) => {
  const [series] = useState(createStepSeries);
  useEffect(() => series.show(steps), [series, steps]);
  return (
    <TimeFigure
      caption={`The newest ${steps.length} steps, each as it was.`}
      spec={series.spec}
      subscribe={series.subscribe}
    />
  );
};

/** The newest steps of an engine, one by one. */
export const EngineSteps = ({ replicaId }: { readonly replicaId: string }) => {
  const { queries } = useServices();
  const steps = useQuery(queries.engineSteps(replicaId));
  usePoll(steps.poll, POLL_MS);
  return (
    <QueryView query={steps} what="the steps">
      {(found) => <StepChart steps={found} />}
    </QueryView>
  );
};
