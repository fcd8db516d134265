import { z } from 'zod';
import { optionalOrNull } from '../parameters/optional-or-null.ts';

export const jsonObject = z.record(z.string(), z.unknown());
export const functionName = z
  .string()
  .regex(/^[\w.-]{1,64}$/u, 'A function name has up to 64 of a-z, A-Z, 0-9, _ . -');

/** A tool in the form of the chat API. */
export const toolSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    function: z.strictObject({
      name: functionName,
      description: optionalOrNull(z.string()),
      parameters: optionalOrNull(jsonObject),
      strict: optionalOrNull(z.boolean()),
    }),
  }),
]);
