import type { ReactNode } from 'react';
import classes from './key-values.module.css';

export type KeyValue = readonly [name: string, value: ReactNode];

/** Facts as pairs; the values align. */
export const KeyValues = ({ items }: { readonly items: readonly KeyValue[] }) => (
  <dl className={classes.list}>
    {items.map(([name, value]) => (
      <div key={name} className={classes.pair}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
