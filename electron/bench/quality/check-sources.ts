import type { QualitySpec } from '../../../shared/contract/quality.ts';
import type { QualityPorts } from './ports.ts';
import { findSource } from './subjects.ts';
import { readTaskItems } from './task-items.ts';

/** What a judgement reads beside the models. */
export type Sources = Pick<QualitySpec, 'text' | 'tasks'>;

/**
 * Refuses a text that is not there, and tasks that are none, before anything is measured that waits for them.
 * @throws AppError `files.not-found`, `quality.bad-tasks`
 */
export const checkSources = async (
  ports: Pick<QualityPorts, 'files' | 'folders'>,
  { text, tasks }: Sources,
): Promise<void> => {
  const { signal } = new AbortController();
  await findSource(ports, 'text', text, signal);
  if (tasks === 'none') return;
  const { path } = await findSource(ports, 'tasks', tasks, signal);
  readTaskItems(await ports.files.readText(path));
};
