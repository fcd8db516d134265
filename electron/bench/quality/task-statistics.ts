import type { TaskQuality } from '../../../shared/contract/quality.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';

/** Whether base and candidate answered an item right. */
export interface PairedItem {
  readonly task: string;
  readonly base: boolean;
  readonly candidate: boolean;
}

const significance = 0.05;

const count = (items: readonly PairedItem[], is: (item: PairedItem) => boolean): number =>
  items.filter(is).length;

/**
 * Accuracies with Wilson intervals and the flips between them. Only flips tell the two apart: equal accuracies with
 * many flips both ways are another model, which the interval of either accuracy would not show.
 */
export const taskStatistics = (items: readonly PairedItem[]): Omit<TaskQuality, 'tasks'> => {
  const lost = count(items, ({ base, candidate }) => base && !candidate);
  const won = count(items, ({ base, candidate }) => !base && candidate);
  const { p: pValue } = mcnemar(lost, won);
  const isDecided = pValue < significance;
  const groups = Map.groupBy(items, ({ task }) => task);
  return {
    base: wilsonInterval(
      count(items, ({ base }) => base),
      items.length,
    ),
    candidate: wilsonInterval(
      count(items, ({ candidate }) => candidate),
      items.length,
    ),
    lost,
    won,
    pValue,
    verdict: isDecided ? (won > lost ? 'better' : 'worse') : 'not-distinguishable',
    perTask: [...groups].map(([task, group]) => ({
      task,
      n: group.length,
      base: count(group, ({ base }) => base),
      candidate: count(group, ({ candidate }) => candidate),
    })),
  };
};
