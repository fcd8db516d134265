import type { Limits } from '../contract/limits.ts';
import { formatCount, formatCounted } from './format.ts';

/** `60 requests/min, 4,000 tokens/min, 2 at once`, or `none`. */
export const limitsText = ({ requestsPerMinute, tokensPerMinute, concurrency }: Limits): string => {
  const parts = [
    requestsPerMinute === null ? '' : `${formatCounted(requestsPerMinute, 'request')}/min`,
    tokensPerMinute === null ? '' : `${formatCounted(tokensPerMinute, 'token')}/min`,
    concurrency === null ? '' : `${formatCount(concurrency)} at once`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'none' : parts.join(', ');
};
