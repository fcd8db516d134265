import { IconCircle, IconCircleCheck, IconLoader2 } from '@tabler/icons-react';
import type { Model } from '../../../shared/contract/models.ts';
import { formatFigure, formatFraction, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { useLive } from '../../live/use-live.ts';
import { formatRoute } from '../../router/route.ts';
import {} from '../../services-context.ts';
import { LoadingState } from '../../ui/loading-state.tsx';
import { derivedModel, FIRST_RUN_TYPES, type FirstRunState } from './first-run.ts';
import classes from './first-run-steps.module.css';

const typeWords: Readonly<Record<string, string>> = {
  Q8_0: 'nearly lossless',
  Q4_K_M: 'the usual choice',
  Q2_K: 'smallest, clearly lossy',
};

interface StepProps {
  readonly type: string;
  readonly model: Model | undefined;
  readonly words: string;
  readonly progress: string | undefined;
}

const Step = ({ type, model, words, progress }: StepProps) => {
  const Icon = progress !== undefined ? IconLoader2 : model === undefined ? IconCircle : IconCircleCheck;
  const state = progress !== undefined ? 'running' : model === undefined ? 'waiting' : 'done';
  return (
    <li className={classes.step} data-state={state}>
      <Icon size={17} stroke={1.8} aria-hidden />
      <span className="mono">{type}</span>
      <span className={classes.words}>
        {words}
        <span className={classes.figures}>
          {progress ??
            (model === undefined
              ? 'made by Run'
              : `${formatGib(model.sizeBytes)} GiB, ${formatFigure(model.bitsPerWeight)} bpw`)}
        </span>
      </span>
    </li>
  );
};

/** The four files of the first comparison: which are there, which one is being made. */
export const FirstRunSteps = (props: { readonly base: Model | undefined; readonly state: FirstRunState }) => {
  const { base, state } = props;
  const models = useLive('models');
  const jobs = useLive('jobs');
  if (base === undefined) return <LoadingState what="the bundled model" />;
  const job = state.type === 'making' ? jobs.find((candidate) => candidate.id === state.jobId) : undefined;
  const fraction = job?.state.type === 'running' ? job.state.fraction : null;
  return (
    <>
      <p className={classes.model}>
        <a href={formatRoute({ page: 'models', modelId: base.id })}>{base.name}</a>{' '}
        <span className="muted">
          {base.architecture}, {formatParameters(base.parameterCount)} parameters, ships with Dyno
        </span>
      </p>
      <ul className={classes.steps}>
        <Step type={base.quantization} model={base} words="the original" progress={undefined} />
        {FIRST_RUN_TYPES.map((type) => (
          <Step
            key={type}
            type={type}
            model={derivedModel(models, base, type)}
            words={typeWords[type] ?? ''}
            progress={
              state.type === 'making' && state.quantization === type
                ? `being made, ${formatFraction(fraction)}`
                : undefined
            }
          />
        ))}
      </ul>
    </>
  );
};
