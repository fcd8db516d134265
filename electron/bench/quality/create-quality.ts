import type { PackInfo, PackSpec, QualityResult, QualitySpec } from '../../../shared/contract/quality.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { checkSources, type Sources } from './check-sources.ts';
import type { QualityPorts } from './ports.ts';
import { readPackInfo } from './read-pack-info.ts';
import { runQuality, type QualityWatching } from './run-quality.ts';
import { writePack } from './write-pack.ts';

/** Quality of quantizations: measured once per pair of files, text and protocol, and kept. */
export interface Quality {
  /** For who judges later: `run` refuses the same. @throws AppError `files.not-found`, `quality.bad-tasks` */
  checkSources(sources: Sources): Promise<void>;
  /** Judges the candidates; resolves with the ids of their results. Finished windows outlive a kill. */
  run(spec: QualitySpec, watching: QualityWatching): Promise<readonly string[]>;
  /** Newest first. */
  list(): readonly QualityResult[];
  /** @throws AppError `quality.not-found` */
  get(id: string): QualityResult;
  /** The newest exact result of a candidate against a base, over any text and protocol; for comparisons and reports. */
  ofPair(baseSha256: string, candidateSha256: string): QualityResult | undefined;
  remove(id: string): void;
  writePack(spec: PackSpec, watching: QualityWatching): Promise<PackInfo>;
  /** @throws AppError `quality.bad-pack` */
  readPack(path: string): Promise<PackInfo>;
}

export const createQuality = (ports: QualityPorts): Quality => ({
  checkSources: (sources) => checkSources(ports, sources),
  run: (spec, watching) => runQuality(ports, spec, watching),
  list: () => ports.store.list(),
  get: (id) => {
    const result = ports.store.get(id);
    if (result !== undefined) return result;
    throw new AppError('quality.not-found', `No quality result ${id}`, {
      hint: 'dyno quality list shows all.',
    });
  },
  ofPair: (baseSha256, candidateSha256) => {
    const results = ports.store.ofPair(baseSha256, candidateSha256);
    return results.find(({ text }) => text.kld.kind === 'exact') ?? results[0];
  },
  remove: (id) => ports.store.remove(id),
  writePack: (spec, watching) => writePack(ports, spec, watching),
  readPack: async (path) => (await readPackInfo(ports.files, path)).info,
});
