import { UNKNOWN } from '../../shared/units/format.ts';
import { Explained } from './explained.tsx';

/** An em dash with the reason why nobody knows. */
export const Unknown = ({ reason }: { readonly reason: string }) => (
  <Explained reason={reason} className="muted">
    {UNKNOWN}
  </Explained>
);
