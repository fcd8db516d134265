import { z } from 'zod';

/** A text file of whoever sits at the browser, which cannot tell where it lies. A message holds 8 MiB at most. */
export const uploadInputSchema = z.object({ fileName: z.string().min(1).max(255), text: z.string() });
export type UploadInput = z.infer<typeof uploadInputSchema>;

/** Where the host keeps it. Equal files have equal paths. */
export const uploadSchema = z.object({ path: z.string() });
