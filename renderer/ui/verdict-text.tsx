import type { SpeedRatio } from '../../shared/contract/verdict.ts';
import { formatFigure } from '../../shared/units/format.ts';
import { intervalName } from '../../shared/units/interval-name.ts';
import { speedVerdict } from '../../shared/units/verdict.ts';
import { Explained } from './explained.tsx';
import classes from './verdict-text.module.css';

/** A speed against the base in a shape, a word and a colour. */
export const VerdictText = ({ ratio }: { readonly ratio: SpeedRatio }) => {
  const { shape, text, tone } = speedVerdict(ratio.ratio, ratio.verdict);
  const interval =
    ratio.low === null || ratio.high === null
      ? 'too few repetitions for an interval'
      : `${intervalName(ratio.confidence)} ${formatFigure(ratio.low)} to ${formatFigure(ratio.high)}`;
  return (
    <Explained
      reason={`${formatFigure(ratio.ratio)} times the base; ${interval}`}
      className={classes.verdict}
    >
      <span data-tone={tone}>
        {shape} {text}
      </span>
    </Explained>
  );
};
