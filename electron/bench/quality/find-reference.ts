import type { QualityModel, QualitySpec } from '../../../shared/contract/quality.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { NativeBackend, ScoreReference } from '../../engine/index.ts';
import type { QualityPorts } from './ports.ts';
import { readPackInfo } from './read-pack-info.ts';
import { findSource, findSubject, type Source, type Subject } from './subjects.ts';

interface ReferenceFacts {
  readonly score: ScoreReference;
  readonly facts: QualityModel;
  readonly text: Pick<Source, 'name' | 'sha256'>;
  readonly contextSize: number;
  readonly backend: NativeBackend;
}

/** What candidates are held against. */
export type Reference =
  | (ReferenceFacts & {
      readonly type: 'model';
      readonly subject: Subject;
      readonly gpuLayers: number;
    })
  | (ReferenceFacts & { readonly type: 'pack'; readonly topK: number });

/**
 * The base with its text, or the pack with what it says of both.
 * @throws AppError `models.*`, `files.not-found`, `quality.bad-pack`, `app.bad-input`
 */
export const findReference = async (
  ports: QualityPorts,
  spec: QualitySpec,
  signal: AbortSignal,
): Promise<Reference> => {
  if (spec.pack !== undefined) {
    const { header } = await readPackInfo(ports.files, spec.pack);
    const [first] = spec.candidates;
    const { path } = await ports.resolveModel(first ?? '');
    return {
      type: 'pack',
      score: { type: 'pack', path: spec.pack },
      facts: {
        modelId: header.base.name,
        name: header.base.name,
        quantization: header.base.quantization,
        sizeBytes: header.base.sizeBytes,
        bitsPerWeight: header.base.bitsPerWeight,
        tensorTypes: header.base.tensorTypes,
        sha256: header.base.sha256,
      },
      text: header.text,
      contextSize: header.contextSize,
      backend: (await ports.planDevice(path, signal)).backend,
      topK: header.topK,
    };
  }
  if (spec.base === undefined) throw new AppError('app.bad-input', 'Give a base or a reference pack.');
  const text = await findSource(ports, 'text', spec.text, signal);
  const subject = await findSubject(ports, spec.base, signal);
  const { backend, gpuLayers } = await ports.planDevice(subject.path, signal);
  return {
    type: 'model',
    score: { type: 'model', file: { path: subject.path, gpuLayers }, textPath: text.path },
    facts: subject.facts,
    subject,
    gpuLayers,
    text,
    contextSize: spec.contextSize,
    backend,
  };
};
