import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { askTask, type TaskAnswer } from './ask-task.ts';
import type { QualityPorts } from './ports.ts';
import { taskAnswerSchema } from './stored-pieces.ts';
import type { Subject } from './subjects.ts';
import type { TaskItem } from './task-items.ts';

interface Watching {
  readonly signal: AbortSignal;
  onAnswer(done: number, total: number): void;
}

type Ports = Pick<QualityPorts, 'engines' | 'store' | 'settings' | 'random'>;

/**
 * A model's answers to all items, in order, each stored when it is there. Loads the model only when an answer lacks,
 * with one slot in an engine of its own.
 * @returns `null` for a model without a chat template: it cannot be asked
 * @throws AppError `engine.*`, `app.cancelled`
 */
export const answerTasks = async (
  { engines, store, settings, random }: Ports,
  subject: Subject,
  { key, items }: { readonly key: string; readonly items: readonly TaskItem[] },
  { signal, onAnswer }: Watching,
): Promise<readonly TaskAnswer[] | null> => {
  const known = new Map(
    store.pieces(key).map(({ position, value }) => [position, taskAnswerSchema.parse(value)]),
  );
  const all = (): readonly TaskAnswer[] =>
    items.map((_, index) => {
      const answer = known.get(index);
      if (answer === undefined) throw new AppError('app.internal', `Task ${index + 1} was not asked.`);
      return answer;
    });
  if (items.every((_, index) => known.has(index))) return all();
  await using replica = await engines.acquire(
    {
      modelId: subject.facts.modelId,
      path: subject.path,
      settings: engineSettingsSchema.parse({ ...settings(), slots: 1 }),
      isExclusive: true,
    },
    { signal },
  );
  if (!replica.facts().features.chat) return null;
  for (const [index, item] of items.entries()) {
    if (!known.has(index)) {
      const answer = await askTask(replica, item, random.id('task'), signal);
      store.addPiece(key, index, answer);
      known.set(index, answer);
    }
    onAnswer(index + 1, items.length);
  }
  return all();
};
