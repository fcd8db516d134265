import type { ImportedFigure } from '../../../../shared/contract/imports.ts';
import { formatFigure } from '../../../../shared/units/format.ts';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './imported.module.css';

/** A figure of another tool with its spread, what it is, and the field it came from on hover. */
export const ImportedFigureText = ({ figure }: { readonly figure: ImportedFigure | null }) => {
  if (figure === null) return <Unknown reason="the file has no figure of this definition" />;
  const { value, deviation, n, statistic, origin, remark } = figure;
  return (
    <span title={remark === null ? origin : `${origin}: ${remark}`}>
      {formatFigure(value)}
      <span className={classes.spread}>
        {deviation === null ? '' : ` ± ${formatFigure(deviation)}`}
        {n === null ? '' : `, n ${n}`}, {statistic}
      </span>
    </span>
  );
};
