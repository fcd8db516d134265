import type { ReactNode } from 'react';
import type { QueryState } from '../live/query.ts';
import { FailedState } from './failed-state.tsx';
import { LoadingState } from './loading-state.tsx';

interface QueryViewProps<T> {
  readonly query: QueryState<T> & { readonly refresh: () => void };
  /** What is asked for, as a noun: `the models`. */
  readonly what: string;
  readonly children: (data: T) => ReactNode;
}

/** Shows an answer in whatever state it is: coming, there, or failed (with the last good one below the failure). */
export const QueryView = <T,>({ query, what, children }: QueryViewProps<T>) => {
  switch (query.type) {
    case 'loading':
      return <LoadingState what={what} />;
    case 'ready':
      return children(query.data);
    case 'failed':
      return (
        <>
          <FailedState problem={query.problem} onRetry={query.refresh} />
          {query.data === undefined ? null : children(query.data)}
        </>
      );
    default:
      return query satisfies never;
  }
};
