import {
  IconAlertCircle,
  IconCircle,
  IconCircleCheck,
  IconCircleMinus,
  IconProgress,
} from '@tabler/icons-react';
import type { BenchModel, Cell } from '../../../../shared/contract/bench.ts';
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

interface PhaseListProps {
  readonly models: readonly BenchModel[];
  readonly cells: readonly Cell[];
  readonly counts: RunProgress['counts'];
  readonly currentCellId: string | null;
}

/** Every measurement of the run, by model: done, running, waiting. */
export const PhaseList = ({ models, cells, counts, currentCellId }: PhaseListProps) => (
  <ol className={classes.models}>
    {models.map((model) => (
      <li key={model.modelId}>
        <p className={classes.model}>
          <span className="mono">{model.quantization}</span> <span className="muted">{model.name}</span>
        </p>
        <ol className={classes.cells}>
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
        </ol>
      </li>
    ))}
  </ol>
);
