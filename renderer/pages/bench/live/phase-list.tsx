import {
  IconAlertCircle,
  IconCircle,
  IconCircleCheck,
  IconCircleMinus,
  IconProgress,
} from '@tabler/icons-react';
import type { BenchModel, Cell } from '../../../../shared/contract/bench.ts';
import type { JudgeStep } from '../../../../shared/contract/bench-judge.ts';
import type { MakeStep } from '../../../../shared/contract/bench-make.ts';
import type { RepetitionCount, RunProgress } from '../../../../shared/events/reduce-run.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { headlineOf } from '../cell-headline.ts';
import classes from './phase-list.module.css';

const icons = {
  waiting: IconCircle,
  running: IconProgress,
  done: IconCircleCheck,
  failed: IconAlertCircle,
  cancelled: IconCircleMinus,
  skipped: IconCircleMinus,
} as const;

const result = (cell: Cell, count: RepetitionCount | undefined): string => {
  if (cell.state === 'running') {
    if (count === undefined) return 'starting';
    return count.measured === 0 ? `warm-up ${count.warmups}` : `repetition ${count.measured}`;
  }
  const headline = headlineOf(cell);
  if (headline === undefined) return cell.state;
  return `${formatFigure(headline.estimate.median)} ${headline.unit}`;
};

const makeLooks = {
  waiting: { icon: 'waiting', words: 'waiting' },
  making: { icon: 'running', words: 'under way' },
  made: { icon: 'done', words: 'made' },
  failed: { icon: 'failed', words: 'failed' },
} as const;

/** A file that the run makes before it measures it; one that was there needs no line. */
const MakePhase = ({ make }: { readonly make: MakeStep }) => {
  const look = makeLooks[make.state.type];
  const Icon = icons[look.icon];
  return (
    <li className={classes.cell} data-state={look.icon} data-current={make.state.type === 'making'}>
      <Icon size={15} stroke={1.8} role="img" aria-label={look.icon} />
      <span>make the file</span>
      <span className={classes.result}>{look.words}</span>
    </li>
  );
};

const judgeLooks = {
  waiting: 'waiting',
  judging: 'running',
  judged: 'done',
  failed: 'failed',
  skipped: 'skipped',
} as const;

const judgeWords = ({ state, isBase }: JudgeStep): string => {
  if (state.type === 'judged')
    return isBase
      ? `PPL ${formatFigure(state.figures.ppl.value)}`
      : `${formatFigure(state.figures.kld.value)} nats`;
  return state.type === 'judging' ? 'under way' : state.type;
};

/** How far a file is from its base, judged after the measurements. */
const JudgePhase = ({ judge }: { readonly judge: JudgeStep }) => {
  const look = judgeLooks[judge.state.type];
  const Icon = icons[look];
  return (
    <li className={classes.cell} data-state={look} data-current={judge.state.type === 'judging'}>
      <Icon size={15} stroke={1.8} role="img" aria-label={look} />
      <span>quality</span>
      <span className={classes.result}>{judgeWords(judge)}</span>
    </li>
  );
};

const isOwn = (make: MakeStep, modelId: string): boolean =>
  make.modelId === modelId && !(make.state.type === 'made' && make.state.isReused);

interface PhaseListProps {
  readonly models: readonly BenchModel[];
  readonly makes: readonly MakeStep[];
  readonly cells: readonly Cell[];
  readonly judges: readonly JudgeStep[];
  readonly counts: RunProgress['counts'];
  readonly currentCellId: string | null;
}

/** Every measurement of the run, by model: done, running, waiting. */
export const PhaseList = ({ models, makes, cells, judges, counts, currentCellId }: PhaseListProps) => (
  <ol className={classes.models}>
    {models.map((model) => (
      <li key={model.modelId}>
        <p className={classes.model}>
          <span className="mono">{model.quantization}</span> <span className="muted">{model.name}</span>
        </p>
        <ol className={classes.cells}>
          {makes
            .filter((make) => isOwn(make, model.modelId))
            .map((make) => (
              <MakePhase key={make.type} make={make} />
            ))}
          {cells
            .filter((cell) => cell.modelId === model.modelId)
            .map((cell) => {
              const Icon = icons[cell.state];
              return (
                <li
                  key={cell.id}
                  className={classes.cell}
                  data-state={cell.state}
                  data-current={cell.id === currentCellId}
                >
                  <Icon size={15} stroke={1.8} role="img" aria-label={cell.state} />
                  <span>{cell.test}</span>
                  <span className={classes.result}>{result(cell, counts[cell.id])}</span>
                </li>
              );
            })}
          {judges
            .filter((judge) => judge.modelId === model.modelId)
            .map((judge) => (
              <JudgePhase key={`judge ${judge.modelId}`} judge={judge} />
            ))}
        </ol>
      </li>
    ))}
  </ol>
);
