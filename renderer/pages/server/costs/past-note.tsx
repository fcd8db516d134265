import type { PriceId, PriceSheet } from '../../../../shared/contract/prices.ts';
import { monthSpanText, pastMonthsOf } from '../../../../shared/units/past-months.ts';
import classes from '../access/access.module.css';

interface PastNoteProps {
  readonly sheet: PriceId;
  readonly sheets: readonly PriceSheet[];
  readonly nowMs: number;
}

/** Warns of what a price changes in months that are over; nothing where it reaches into none. */
export const PastNote = ({ sheet, sheets, nowMs }: PastNoteProps) => {
  const past = pastMonthsOf(sheet, sheets, nowMs);
  if (past === undefined) return null;
  return (
    <p className={classes.state} data-tone="warn" role="status">
      ⚠ This reaches back into {monthSpanText(past)}. Requests that were priced then keep their price; for
      those that had none, statements change. The audit log will say so.
    </p>
  );
};
