import type { CompatGroup } from '../../../shared/contract/compat.ts';
import type { CompatTarget } from './target.ts';

/** One thing a server should do. Each stands for itself: no check needs another to have run. */
export interface CompatCheck {
  /** Unique, as `chat.stop`. */
  readonly id: `${CompatGroup}.${string}`;
  readonly group: CompatGroup;
  readonly title: string;
  /** @throws AppError when the server does something else, or has no such route */
  run(target: CompatTarget): Promise<void>;
}

/** The checks of one group: id without the group, sentence, act. */
export const checksOf = (
  group: CompatGroup,
  list: readonly (readonly [string, string, CompatCheck['run']])[],
): readonly CompatCheck[] => list.map(([id, title, run]) => ({ id: `${group}.${id}`, group, title, run }));
