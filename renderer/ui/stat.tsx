import type { ReactNode } from 'react';
import classes from './stat.module.css';

interface StatProps {
  readonly name: ReactNode;
  readonly value: ReactNode;
  readonly unit?: string;
  readonly note?: ReactNode;
}

/** A figure that carries a page: large, with its unit and what to know about it. */
export const Stat = ({ name, value, unit, note }: StatProps) => (
  <div className={classes.stat}>
    <div className={classes.name}>{name}</div>
    <div className={classes.line}>
      <span className={classes.value}>{value}</span>
      {unit === undefined ? null : <span className={classes.unit}>{unit}</span>}
    </div>
    {note === undefined ? null : <div className={classes.note}>{note}</div>}
  </div>
);
