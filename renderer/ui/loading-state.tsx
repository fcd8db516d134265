import { Skeleton } from '@mantine/core';
import classes from './states.module.css';

/** Grey lines where the content will stand, so nothing jumps when it comes. */
export const LoadingState = ({ what, lines = 4 }: { readonly what: string; readonly lines?: number }) => (
  <div className={classes.loading} role="status">
    <span className="spoken-only">Loading {what}</span>
    {Array.from({ length: lines }, (_, index) => (
      <Skeleton key={index} height={14} width={`${92 - ((index * 17) % 40)}%`} radius="sm" />
    ))}
  </div>
);
