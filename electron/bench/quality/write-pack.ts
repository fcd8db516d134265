import { createHash } from 'node:crypto';
import { QUALITY_FORMULA_VERSION, type PackInfo, type PackSpec } from '../../../shared/contract/quality.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import {
  decodeDoubles,
  decodeFloats,
  decodeIds,
  decodeTokens,
  encodePackHeader,
  encodePackWindow,
  packHeaderBytes,
  type ScoreOpening,
  type WindowTop,
} from '../../engine/index.ts';
import type { QualityPorts } from './ports.ts';
import { readPackInfo } from './read-pack-info.ts';
import type { QualityWatching } from './run-quality.ts';
import { findSource, findSubject } from './subjects.ts';

const readTop = (top: WindowTop) => ({
  tails: decodeDoubles(top.tails),
  tokens: decodeTokens(top.tokens),
  nll: decodeFloats(top.nll),
  ids: decodeIds(top.ids),
  logProbs: decodeFloats(top.logProbs),
});

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Writes what a base predicts on a text into a reference pack: its `topK` most likely tokens per scored position. The
 * file appears under its name when it is whole.
 * @throws AppError `models.*`, `quality.text-too-short`, `engine.*`, `storage.disk-full`, `app.cancelled`
 */
export const writePack = async (
  ports: QualityPorts,
  spec: PackSpec,
  { signal, onProgress }: QualityWatching,
): Promise<PackInfo> => {
  const { files, scorer, host } = ports;
  const text = await findSource(ports, 'text', spec.text, signal);
  const { path, facts } = await findSubject(ports, spec.base, signal);
  const { backend, gpuLayers } = await ports.planDevice(path, signal);
  const { threads, useMmap } = ports.settings();
  const partPath = `${spec.out}.part`;
  const hash = createHash('sha256');
  let opening: ScoreOpening | undefined;
  let position = packHeaderBytes;
  let outside = 0;
  let windows = 0;
  try {
    await using file = await files.openWrite(partPath);
    let writing: Promise<void> = Promise.resolve();
    await scorer.score(
      {
        reference: { type: 'model', file: { path, gpuLayers }, textPath: text.path },
        candidates: [],
        contextSize: spec.contextSize,
        maxWindows: spec.maxWindows ?? null,
        backend,
        useMmap,
        threads: {
          limit: threads === 'auto' ? host.availableParallelism() : threads,
          isFixed: threads !== 'auto',
        },
        topK: spec.topK,
      },
      {
        onOpened: (found) => (opening = found),
        onWindow: () => undefined,
        onTop: (top) => {
          const window = readTop(top);
          const bytes = encodePackWindow(window);
          const start = position;
          position += bytes.length;
          hash.update(bytes);
          outside += meanOf(window.tails);
          windows += 1;
          writing = writing.then(() => file.write(bytes, start));
          writing.catch(() => undefined); // thrown where it is awaited
          const total = opening?.windowCount ?? windows;
          onProgress(windows / total, `Window ${windows} of ${total}`);
        },
      },
      signal,
    );
    await writing;
    if (opening === undefined) throw new AppError('app.internal', 'The scorer told nothing.');
    const { contextSize, addsBos, vocabularySize, vocabularySha256, tokensSha256, llamaCppRelease } = opening;
    const { name, quantization, sha256, sizeBytes, bitsPerWeight, tensorTypes } = facts;
    const header = encodePackHeader({
      base: { name, quantization, sha256, sizeBytes, bitsPerWeight, tensorTypes },
      text: { name: text.name, sha256: text.sha256 },
      contextSize,
      windowCount: windows,
      topK: Math.min(spec.topK, vocabularySize),
      addsBos,
      vocabularySize,
      vocabularySha256,
      tokensSha256,
      llamaCppRelease,
      formulaVersion: QUALITY_FORMULA_VERSION,
      capturedMass: 1 - outside / windows,
      bodySha256: hash.digest('hex'),
    });
    await file.write(header, 0);
    await file.sync();
  } catch (error) {
    await files.remove(partPath);
    throw error;
  }
  await files.rename(partPath, spec.out);
  return (await readPackInfo(files, spec.out)).info;
};
