import type { Limits } from '../contract/limits.ts';
import { formatCount } from './format.ts';

/** `60 requests/min, 4,000 tokens/min, 2 at once`, or `none`. */
export const limitsText = ({ requestsPerMinute, tokensPerMinute, concurrency }: Limits): string => {
  const parts = [
    requestsPerMinute === null ? '' : `${formatCount(requestsPerMinute)} requests/min`,
    tokensPerMinute === null ? '' : `${formatCount(tokensPerMinute)} tokens/min`,
    concurrency === null ? '' : `${formatCount(concurrency)} at once`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'none' : parts.join(', ');
};
