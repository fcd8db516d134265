import { oc, type Route } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from '../errors/contract-errors.ts';
import { strictly } from './strictly.ts';

/** Nothing is asked, or nothing is told. */
export const none = z.object({}).default({});

/**
 * Where every procedure begins: at its place in REST, with the errors of the table, and with what it is asked. An unknown
 * member of that is refused, never dropped: who misspells a limit must not get a key without one.
 */
export const base = {
  route: (route: Route) => {
    const procedure = oc.errors(contractErrors).route(route);
    return { input: <Schema extends z.ZodType>(schema: Schema) => procedure.input(strictly(schema)) };
  },
};
