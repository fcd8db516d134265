import type { Settings } from '../../../shared/contract/settings.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Ports } from '../../platform/ports.ts';
import { findGgufFiles } from './find-files.ts';
import { findOllamaModels } from './find-ollama-models.ts';
import { findPlaces, type ModelSource } from './places.ts';

/** A candidate and the file behind its links. */
export interface FoundCandidate extends Candidate {
  readonly realPath: string;
}

/** A file that may be a model, and who it belongs to. */
export interface Candidate {
  /** First file. */
  readonly path: string;
  readonly source: ModelSource;
  /** Name in its own tool (`llama3.2:1b`); `undefined` where the file name is the name. */
  readonly alias: string | undefined;
}

type ScanPorts = Pick<Ports, 'files' | 'log' | 'host' | 'folders'>;

/** The file a candidate really is; `undefined` when it went away meanwhile or may not be read. */
const realPathOf = async ({ files, log }: ScanPorts, path: string): Promise<string | undefined> => {
  try {
    return await files.realPath(path);
  } catch (error) {
    log.debug('A model file could not be reached.', { path, error: toAppError(error).message });
    return undefined;
  }
};

/**
 * All candidates of all places and the pinned ones, each real file once: links of a cache and two tools that share a
 * folder do not make two models. The place named first wins.
 * @throws AppError `app.cancelled`
 */
export const scanPlaces = async (
  ports: ScanPorts,
  settings: Settings,
  pinned: readonly Candidate[],
  signal: AbortSignal,
): Promise<readonly FoundCandidate[]> => {
  const options = { ...ports, signal };
  const candidates: Candidate[] = [];
  for (const { kind, folder, source } of await findPlaces(ports, settings)) {
    if (kind === 'ollama') {
      const models = await findOllamaModels(folder, options);
      candidates.push(...models.map(({ path, name }) => ({ path, source, alias: name })));
    } else {
      const paths = await findGgufFiles(folder, options);
      candidates.push(...paths.map((path) => ({ path, source, alias: undefined })));
    }
  }
  const byRealPath = new Map<string, FoundCandidate>();
  for (const candidate of [...candidates, ...pinned]) {
    if (signal.aborted) throw new AppError('app.cancelled');
    const realPath = await realPathOf(ports, candidate.path);
    if (realPath !== undefined && !byRealPath.has(realPath)) {
      byRealPath.set(realPath, { ...candidate, realPath });
    }
  }
  return [...byRealPath.values()];
};
