import type { Cell } from '../../../shared/contract/bench.ts';

/** A test and the ladder it belongs to: the same word on both would be two different measurements. */
export const TestName = ({ of: { ladder, test } }: { readonly of: Pick<Cell, 'ladder' | 'test'> }) => (
  <>
    <span className="mono">{test}</span> <span className="muted">{ladder === 'api' ? 'API' : 'engine'}</span>
  </>
);
