import { useEffect, useRef } from 'react';
import type { RunNote } from '../../../../shared/events/reduce-run.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import classes from './run-log.module.css';

const time = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What the run did, in plain sentences; the newest at the end, in view unless the reader scrolled up. */
export const RunLog = ({ notes }: { readonly notes: readonly RunNote[] }) => {
  const listRef = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const list = listRef.current;
    if (list === null) return;
    const isNearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 120;
    if (isNearEnd) list.scrollTop = list.scrollHeight;
  }, [notes.length]);
  if (notes.length === 0)
    return <EmptyState text="The run is getting ready; its first sentence comes in a moment." />;
  return (
    <ol ref={listRef} className={classes.log} tabIndex={0} aria-label="Log of the run">
      {notes.map((note, index) => (
        <li key={`${note.atMs} ${index}`}>
          <time>{time(note.atMs)}</time>
          <span>{note.text}</span>
        </li>
      ))}
    </ol>
  );
};
