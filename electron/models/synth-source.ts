import { isAbsolute } from 'node:path';
import type { Model } from '../../shared/contract/models.ts';
import { AppError, toAppError } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { resolveRemoteFiles } from './hub.ts';
import { refuseBroken } from './refuse-broken.ts';
import type { Blueprint } from './synthesize/blueprint.ts';
import { blueprintOfHeader, type HeaderFile } from './synthesize/header-blueprint.ts';
import { openRemote } from './synthesize/remote-reader.ts';
import { retype } from './synthesize/retype.ts';
import { blueprintOfShape } from './synthesize/shape-blueprint.ts';
import { readSynthType } from './synthesize/synth-type.ts';
import { findWellKnownShape } from './synthesize/well-known-shapes.ts';

export interface SynthSourcePorts extends Pick<Ports, 'files' | 'http' | 'host'> {
  /** The library's model of an id or absolute path. */
  readonly resolve: (idOrPath: string) => Promise<Model>;
}

const defaultType = 'Q4_K_M';

/** Ids have neither slash nor scheme; what has one and is no path is an address. */
const isAddress = (source: string): boolean => !isAbsolute(source) && /[/:]/.test(source);

/** Opens all parts, reads the header, closes them. */
const readParts = async (
  open: readonly ((scope: AsyncDisposableStack) => Promise<HeaderFile>)[],
  signal: AbortSignal,
): Promise<Blueprint> => {
  await using scope = new AsyncDisposableStack();
  const opened: HeaderFile[] = [];
  for (const each of open) opened.push(await each(scope));
  const [first, ...others] = opened;
  if (first === undefined) throw new AppError('models.not-found', 'There is no file under that name.');
  return await blueprintOfHeader([first, ...others], signal); // before the files close
};

const ofAddress = async (
  ports: SynthSourcePorts,
  source: string,
  signal: AbortSignal,
): Promise<Blueprint> => {
  const remote = await resolveRemoteFiles(ports, source, signal);
  return readParts(
    remote.map((file) => async (scope) => ({
      path: file.fileName,
      file: scope.use(await openRemote(ports.http, file, signal)),
    })),
    signal,
  );
};

/** A wrong name may have been meant for a shape, which the library does not know. */
const resolveModel = async (ports: SynthSourcePorts, source: string): Promise<Model> => {
  try {
    return await ports.resolve(source);
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code !== 'models.not-found' || isAbsolute(source)) throw failure;
    throw new AppError('models.not-found', `No shape and no model is called "${source}".`, {
      hint: 'dyno synth lists the shapes, dyno models list the models; or give the path of a .gguf file.',
      cause: error,
    });
  }
};

const ofModel = async (ports: SynthSourcePorts, source: string, signal: AbortSignal): Promise<Blueprint> => {
  const model = await resolveModel(ports, source);
  // only the header is read: a file cut behind it serves as well
  if (model.problem?.code !== 'models.truncated') refuseBroken(model);
  return readParts(
    model.parts.map((path) => async (scope) => ({ path, file: scope.use(await ports.files.openRead(path)) })),
    signal,
  );
};

/**
 * The model behind what the user named: a well-known shape, a model of the library or a path, or an address whose
 * header is read over HTTP ranges. With `type` its matrices are of that type.
 * @throws AppError `app.bad-input`, `models.*`, `app.cancelled`
 */
export const readBlueprint = async (
  ports: SynthSourcePorts,
  { source, type }: { readonly source: string; readonly type?: string | undefined },
  signal: AbortSignal,
): Promise<Blueprint> => {
  const wanted = type === undefined ? undefined : readSynthType(type);
  const shape = findWellKnownShape(source);
  if (shape !== undefined) return blueprintOfShape(shape, wanted ?? defaultType);
  const found = isAddress(source)
    ? await ofAddress(ports, source, signal)
    : await ofModel(ports, source, signal);
  return wanted === undefined ? found : retype(found, wanted);
};
