import { z } from 'zod';
import { errorTable, type ErrorCode } from './table.ts';

/** What an error carries besides code and message when it crosses the contract. */
export const contractErrorData = z.object({
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
});

type ContractErrors = Readonly<
  Record<
    ErrorCode,
    { readonly status: number; readonly message: string; readonly data: typeof contractErrorData }
  >
>;

const codes = Object.keys(errorTable) as ErrorCode[]; // Object.keys loses the key type; the table is the only source

/** The error table in oRPC's form, so that clients in every transport get typed errors and the OpenAPI page lists them. */
export const contractErrors = Object.fromEntries(
  codes.map((code) => [
    code,
    { status: errorTable[code].http, message: errorTable[code].title, data: contractErrorData },
  ]),
) as ContractErrors; // fromEntries widens to string keys
