import type { z } from 'zod';

const mark = { isUnsupported: true } as const;

/** Whether the value is one that the API knows and this server cannot do, rather than nonsense. */
export const isUnsupported = (issue: z.core.$ZodIssue): boolean =>
  issue.code === 'custom' && issue.params?.['isUnsupported'] === mark.isUnsupported;

/**
 * Of the values that an API has for a parameter (`known`), those that can be done here (`accepted`). The others are
 * refused as `unsupported_parameter` with `why`, which ends without a full stop; what not even the API knows stays an
 * invalid value.
 */
export const onlySupported = <Accepted extends z.ZodType>(
  known: z.ZodType,
  accepted: Accepted,
  why: string,
) =>
  known
    .refine((value) => accepted.safeParse(value).success, { error: why, params: mark })
    .pipe<Accepted>(accepted);
