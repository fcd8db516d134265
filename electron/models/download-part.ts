import { z } from 'zod';
import { sha256Schema } from '../../shared/contract/common.ts';
import type { Ports } from '../platform/ports.ts';

type Files = Ports['files'];

/** Beside `model.gguf.part` lies `model.gguf.part.json`: what is needed to go on after a kill. */
const partSchema = z.object({
  /** What the user asked for, to find the part again. */
  source: z.string(),
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  totalBytes: z.number().nullable(),
  sha256: sha256Schema.nullable(),
  /** Finished files of the same split model, useless without the rest. */
  earlierParts: z.array(z.string()).readonly(),
});
export type PartFacts = z.infer<typeof partSchema>;

export const partPathOf = (target: string): string => `${target}.part`;
const factsPathOf = (target: string): string => `${target}.part.json`;

const parseFacts = (text: string): PartFacts | undefined => {
  try {
    return partSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // cut off by a full disk: the part is fetched anew
    throw error;
  }
};

/** Facts and length of the part of `target`; `undefined` unless both files are there and readable. */
export const readPart = async (
  files: Files,
  target: string,
): Promise<{ readonly facts: PartFacts; readonly receivedBytes: number } | undefined> => {
  const stat = await files.stat(partPathOf(target));
  if (stat?.kind !== 'file' || (await files.stat(factsPathOf(target))) === undefined) return undefined;
  const facts = parseFacts(await files.readText(factsPathOf(target)));
  return facts && { facts, receivedBytes: stat.sizeBytes };
};

export const writePartFacts = (files: Files, target: string, facts: PartFacts): Promise<void> =>
  files.writeText(factsPathOf(target), JSON.stringify(facts, null, 2));

/** Removes a part and its facts. Succeeds when nothing is there. */
export const discardPart = async (files: Files, target: string): Promise<void> => {
  await files.remove(partPathOf(target));
  await files.remove(factsPathOf(target));
};

/** Makes the finished part the file itself, in one step. */
export const finishPart = async (files: Files, target: string): Promise<void> => {
  await files.rename(partPathOf(target), target);
  await files.remove(factsPathOf(target));
};

/** A download that was paused, or stopped by a kill. */
interface PartialDownload {
  /** What the user asked for; the same pull goes on with it. */
  readonly source: string;
  /** Where the finished file will lie. */
  readonly target: string;
  readonly receivedBytes: number;
  readonly totalBytes: number | null;
  /** Finished files of the same split model. */
  readonly earlierParts: readonly string[];
}

/** What waits in `folder` to be gone on with. Facts without their part are removed. */
export const listPartialDownloads = async (
  files: Files,
  folder: string,
): Promise<readonly PartialDownload[]> => {
  const found: PartialDownload[] = [];
  for (const { kind, name, path } of await files.list(folder)) {
    if (kind !== 'file' || !name.endsWith('.part.json')) continue;
    const target = path.slice(0, -'.part.json'.length);
    const part = await readPart(files, target);
    if (part === undefined) {
      if ((await files.stat(partPathOf(target))) === undefined) await files.remove(path);
      continue;
    }
    const { source, totalBytes, earlierParts } = part.facts;
    found.push({ source, target, receivedBytes: part.receivedBytes, totalBytes, earlierParts });
  }
  return found;
};
