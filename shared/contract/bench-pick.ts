import { z } from 'zod';

/** The file to take and why. */
export const pickSchema = z.object({
  modelId: z.string(),
  /** The run whose row is meant, where one file was measured in several; absent in reports of older versions. */
  runId: z.string().nullable().default(null),
  sentence: z.string(),
});
export type RowPick = z.infer<typeof pickSchema>;

/** True for the one row a comparison recommends. */
export const isPicked = (
  row: { readonly modelId: string; readonly runId: string },
  pick: RowPick | null,
): boolean =>
  pick !== null && row.modelId === pick.modelId && (pick.runId === null || row.runId === pick.runId);
