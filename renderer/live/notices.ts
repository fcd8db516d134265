import type { Problem } from '../transport/problem.ts';
import { createStore, type Store } from './store.ts';

/** A message to the user. Good news leaves by itself; a problem stays until it is dismissed. */
export type Notice =
  | { readonly id: number; readonly type: 'done'; readonly text: string }
  /** What the user did not ask for and should know; it stays until it is dismissed. */
  | { readonly id: number; readonly type: 'alert'; readonly title: string; readonly detail: string }
  | {
      readonly id: number;
      readonly type: 'problem';
      readonly problem: Problem;
      readonly retry: (() => void) | undefined;
    };

export interface Notices {
  readonly store: Store<readonly Notice[]>;
  readonly done: (text: string) => void;
  readonly alert: (title: string, detail: string) => void;
  readonly problem: (problem: Problem, retry?: () => void) => void;
  readonly dismiss: (id: number) => void;
}

const DONE_MS = 4_000;
/** More than three at once hide the page they speak about. */
const KEPT = 3;

export const createNotices = (after: (ms: number, act: () => void) => void): Notices => {
  const store = createStore<readonly Notice[]>([]);
  let lastId = 0;
  const dismiss = (id: number): void => store.set(store.get().filter((notice) => notice.id !== id));
  const add = (notice: Notice): void => store.set([...store.get(), notice].slice(-KEPT));
  return {
    store,
    dismiss,
    done: (text) => {
      lastId += 1;
      const id = lastId;
      add({ id, type: 'done', text });
      after(DONE_MS, () => dismiss(id));
    },
    alert: (title, detail) => {
      lastId += 1;
      add({ id: lastId, type: 'alert', title, detail });
    },
    problem: (problem, retry) => {
      // The user asked for a cancellation; it is no news.
      if (problem.code === 'app.cancelled') return;
      lastId += 1;
      add({ id: lastId, type: 'problem', problem, retry });
    },
  };
};
