import type { QualityFigure } from '../../shared/contract/bench-judge.ts';
import { writeError } from '../../shared/units/estimate.ts';
import { formatCount, formatFigure } from '../../shared/units/format.ts';
import classes from './estimate-text.module.css';
import { Explained } from './explained.tsx';
import { Unknown } from './unknown.tsx';

interface FigureTextProps {
  readonly figure: QualityFigure | undefined;
  /** Scored positions. */
  readonly n: number | undefined;
}

/** `0.0281 ± 0.0009 n 4,064`: a mean over the positions of a text, its standard error, and how many there are. */
export const FigureText = ({ figure, n }: FigureTextProps) => {
  if (figure === undefined || n === undefined) return <Unknown reason="quality was not judged in this run" />;
  return (
    <Explained
      reason={`${figure.value} ± ${figure.standardError} (one standard error, block bootstrap over windows), n ${n} positions`}
      className={classes.estimate}
    >
      <span className={classes.value}>{formatFigure(figure.value)}</span>
      <span className={classes.spread}>
        {' '}
        ± {writeError(figure.value, figure.standardError)}{' '}
        <span className={classes.n}>n {formatCount(n)}</span>
      </span>
    </Explained>
  );
};
