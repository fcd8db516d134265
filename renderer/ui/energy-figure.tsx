import type { Estimate } from '../../shared/contract/common.ts';
import { formatFigure } from '../../shared/units/format.ts';
import { EstimateText } from './estimate-text.tsx';
import { Explained } from './explained.tsx';
import { Unknown } from './unknown.tsx';

interface EnergyFigureProps {
  /** J/token over the repetitions. */
  readonly estimate: Estimate | null;
  /** J/token over all repetitions as one, shown where there is no estimate. */
  readonly window: number | null;
  /** Why there is neither. */
  readonly reason: string;
  /** Why the repetitions have no figure of their own. */
  readonly windowReason?: string;
  /** Repetitions that are not in the estimate, in words. */
  readonly leftOut?: string | null;
}

/** `0.557 ± 0.012 n 5` J/token; `0.557 no spread` where the repetitions are too short to be told one by one. */
export const EnergyFigure = ({
  estimate,
  window,
  reason,
  windowReason = 'the repetitions are too short to be told one by one',
  leftOut = null,
}: EnergyFigureProps) => {
  if (estimate !== null)
    return (
      <>
        <EstimateText estimate={estimate} />
        {leftOut === null ? null : (
          <>
            {' '}
            <Explained reason={leftOut} className="muted">
              some left out
            </Explained>
          </>
        )}
      </>
    );
  if (window === null) return <Unknown reason={reason} />;
  return (
    <Explained reason={`all repetitions as one: ${windowReason}`}>
      {formatFigure(window)} <span className="muted">no spread</span>
    </Explained>
  );
};
