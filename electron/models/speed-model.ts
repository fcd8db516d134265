import { tensorBytes, elementsOf } from './gguf/encode-header.ts';
import type { Blueprint } from './synthesize/blueprint.ts';
import { isQuantizable } from './synthesize/retype.ts';
import { readBlueprint, type SynthSourcePorts } from './synth-source.ts';

/** What the speed of a model depends on. */
export interface SpeedFacts {
  readonly source: string;
  readonly name: string;
  readonly type: string;
  readonly sizeBytes: number;
  /** Bytes of weights read for a token that is decoded alone. */
  readonly weightBytes: number;
  /** Of them those of the main type, whose kernels are measured: bytes, and how many weights. */
  readonly mainBytes: number;
  readonly mainWeights: number;
  /** Weights every prompt token is multiplied with; the output only follows the last one. */
  readonly prefillWeights: number;
  /** Cache of one token in F16, all layers. Windows of models that look back only so far are not counted. */
  readonly kvBytesPerToken: number;
  /** The type most weights of the layers have. */
  readonly tensorType: string;
}

/**
 * The work of one token: all weights but the token embedding, of which one row is read (unless it is the output matrix,
 * too), and of the experts those a token meets.
 */
export const speedFactsOf = (blueprint: Blueprint): SpeedFacts => {
  const { tensors, expertShare, source, name, type, kvBytesPerToken } = blueprint;
  const isTied = !tensors.some((tensor) => tensor.name === 'output.weight');
  const shareOf = (tensor: Blueprint['tensors'][number]): number =>
    tensor.name.includes('_exps') ? expertShare : 1;
  const layers = tensors.filter((tensor) => tensor.name.startsWith('blk.'));
  const active = tensors.filter((tensor) => tensor.name !== 'token_embd.weight' || isTied);
  const byType = Map.groupBy(layers.filter(isQuantizable), (tensor) => tensor.type.name);
  const bytesOf = (list: Blueprint['tensors']): number =>
    list.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  const [main] = [...byType].sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));
  const mainType = main?.[0] ?? 'F16';
  const mainTensors = active.filter((tensor) => tensor.type.name === mainType);
  return {
    source,
    name,
    type,
    sizeBytes: bytesOf(tensors),
    weightBytes: active.reduce((sum, tensor) => sum + tensorBytes(tensor) * shareOf(tensor), 0),
    mainBytes: mainTensors.reduce((sum, tensor) => sum + tensorBytes(tensor) * shareOf(tensor), 0),
    mainWeights: mainTensors.reduce((sum, tensor) => sum + elementsOf(tensor) * shareOf(tensor), 0),
    prefillWeights: layers.reduce((sum, tensor) => sum + elementsOf(tensor) * shareOf(tensor), 0),
    kvBytesPerToken,
    tensorType: mainType,
  };
};

/**
 * Reads what a forecast needs: a header at most.
 * @throws AppError `app.bad-input`, `models.*`, `app.cancelled`
 */
export const readSpeedFacts = async (
  ports: SynthSourcePorts,
  question: { readonly source: string; readonly type?: string | undefined },
  signal: AbortSignal,
): Promise<SpeedFacts> => speedFactsOf(await readBlueprint(ports, question, signal));

interface MachineSpeed {
  readonly depth: number;
  /** Main memory, read by all cores. */
  readonly bytesPerSecond: number;
  /** Of the kernels of the model's main type, in prefill. */
  readonly operationsPerSecond: number;
  /** The same while one token is decoded. */
  readonly decodeOperationsPerSecond: number;
}

/**
 * Tokens per second, one sequence. Decode: every token reads the active weights and the cache of the tokens before it;
 * memory is the bound, but for weights of the main type two operations each, where these take longer. Prefill: two
 * operations per weight and token, and the kernels are the bound. Source: the roofline model of Williams, Waterman and
 * Patterson (2009).
 */
export const forecastSpeed = (
  { weightBytes, mainBytes, mainWeights, prefillWeights, kvBytesPerToken }: SpeedFacts,
  { depth, bytesPerSecond, operationsPerSecond, decodeOperationsPerSecond }: MachineSpeed,
): { readonly decodeTps: number; readonly prefillTps: number } => {
  const mainSeconds = Math.max(mainBytes / bytesPerSecond, (2 * mainWeights) / decodeOperationsPerSecond);
  const otherSeconds = (weightBytes - mainBytes + kvBytesPerToken * depth) / bytesPerSecond;
  return {
    decodeTps: 1 / (mainSeconds + otherSeconds),
    prefillTps: operationsPerSecond / (2 * prefillWeights),
  };
};
