import { IconAlertCircle, IconCircle, IconCircleCheck, IconLoader2 } from '@tabler/icons-react';
import type { RunSummary } from '../../../shared/contract/bench.ts';
import type { JudgeStep } from '../../../shared/contract/bench-judge.ts';
import { derivedModel, type MakeStep } from '../../../shared/contract/bench-make.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { formatFigure, formatGib, formatParameters } from '../../../shared/units/format.ts';
import { FIRST_RUN_TYPES } from '../../actions/use-first-run.ts';
import { useLive } from '../../live/use-live.ts';
import { formatRoute } from '../../router/route.ts';
import { LoadingState } from '../../ui/loading-state.tsx';
import classes from './first-run-steps.module.css';

const typeWords: Readonly<Record<string, string>> = {
  Q8_0: 'nearly lossless',
  Q4_K_M: 'the usual choice',
  Q2_K: 'smallest, clearly lossy',
};

type StepState = 'waiting' | 'running' | 'done' | 'failed';

const icons = {
  waiting: IconCircle,
  running: IconLoader2,
  done: IconCircleCheck,
  failed: IconAlertCircle,
} as const;

interface StepProps {
  /** A quantization, or what is done with the files. */
  readonly type: string;
  readonly words: string;
  readonly state: StepState;
  readonly figures: string;
}

const Step = ({ type, words, state, figures }: StepProps) => {
  const Icon = icons[state];
  return (
    <li className={classes.step} data-state={state}>
      <Icon size={17} stroke={1.8} role="img" aria-label={state} />
      <span className="mono">{type}</span>
      <span className={classes.words}>
        {words}
        <span className={classes.figures}>{figures}</span>
      </span>
    </li>
  );
};

const sizeOf = (model: Model): string =>
  `${formatGib(model.sizeBytes)} GiB, ${formatFigure(model.bitsPerWeight)} bpw`;

/** @param note what the job says it is doing */
const stepOf = (
  make: MakeStep | undefined,
  model: Model | undefined,
  note: string,
): Pick<StepProps, 'state' | 'figures'> => {
  if (model !== undefined) return { state: 'done', figures: sizeOf(model) };
  if (make?.state.type === 'making') return { state: 'running', figures: note };
  if (make?.state.type === 'failed') return { state: 'failed', figures: make.state.error.message };
  return { state: 'waiting', figures: 'made by Run' };
};

const speedStep = (run: RunSummary | undefined): Pick<StepProps, 'state' | 'figures'> => {
  if (run === undefined) return { state: 'waiting', figures: 'measured by Run' };
  const { cellsDone, cellsTotal } = run;
  if (cellsDone === cellsTotal) return { state: 'done', figures: `${cellsTotal} measurements` };
  const isUnderWay = run.state.type === 'running' && run.makes.every(({ state }) => state.type === 'made');
  return { state: isUnderWay ? 'running' : 'waiting', figures: `${cellsDone} of ${cellsTotal} measurements` };
};

const qualityStep = (judges: readonly JudgeStep[], base: Model): Pick<StepProps, 'state' | 'figures'> => {
  const files = judges.filter(({ isBase }) => !isBase).map(({ state }) => state);
  if (files.length === 0) return { state: 'waiting', figures: 'judged by Run' };
  const failed = files.find((state) => state.type === 'failed');
  if (failed !== undefined) return { state: 'failed', figures: failed.error.message };
  const judged = files.filter(({ type }) => type === 'judged').length;
  if (judged === files.length)
    return { state: 'done', figures: `${judged} files against ${base.quantization}` };
  const isUnderWay = files.some(({ type }) => type === 'judging');
  return { state: isUnderWay ? 'running' : 'waiting', figures: `${judged} of ${files.length} files judged` };
};

interface FirstRunStepsProps {
  readonly base: Model | undefined;
  /** The run that makes the files, if there is one. */
  readonly run: RunSummary | undefined;
}

/** The four files of the first comparison, their speed and their quality: what is there, what is under way. A view of the host's job. */
export const FirstRunSteps = ({ base, run }: FirstRunStepsProps) => {
  const models = useLive('models');
  const job = useLive('jobs').find((one) => one.kind === 'bench' && one.state.type === 'running');
  if (base === undefined) return <LoadingState what="the bundled model" />;
  const note = job?.state.type === 'running' ? job.state.note : 'being made';
  return (
    <>
      <p className={classes.model}>
        <a href={formatRoute({ page: 'models', modelId: base.id })}>{base.name}</a>{' '}
        <span className="muted">
          {base.architecture}, {formatParameters(base.parameterCount)} parameters, ships with Dyno
        </span>
      </p>
      <ul className={classes.steps}>
        <Step type={base.quantization} words="the original" state="done" figures={sizeOf(base)} />
        {FIRST_RUN_TYPES.map((type) => (
          <Step
            key={type}
            type={type}
            words={typeWords[type] ?? ''}
            {...stepOf(
              run?.makes.find((make) => make.type === type),
              derivedModel(models, base, type),
              note,
            )}
          />
        ))}
        <Step type="Speed" words="prefill, decode, first token" {...speedStep(run)} />
        <Step type="Quality" words="how far from the original" {...qualityStep(run?.judges ?? [], base)} />
      </ul>
    </>
  );
};
