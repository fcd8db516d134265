import type { EngineFacts } from '../contract/engine.ts';
import { basisText } from './memory-basis.ts';
import { formatFigure, formatGib } from './format.ts';

const gib = (bytes: number): string => `${formatGib(bytes)} GiB`;

/** What a load took, and what it had been expected to take, as two sentences without a full stop. */
export const loadMemoryText = (
  memory: EngineFacts['memory'],
): { readonly measured: string; readonly expected: string | null } => {
  const { ownBytes, processBytes, deviceBytes, predicted } = memory;
  const measuredBytes = ownBytes ?? processBytes;
  const device = deviceBytes === undefined ? '' : `, ${gib(deviceBytes)} on the GPU`;
  const measured = `${gib(measuredBytes)}${ownBytes === undefined ? ' resident' : ''}${device}`;
  if (predicted === undefined || measuredBytes === 0) return { measured, expected: null };
  const errorPercent = (100 * (predicted.ramBytes - measuredBytes)) / measuredBytes;
  const gpu = predicted.vramBytes === 0 ? '' : `; on the GPU ${gib(predicted.vramBytes)}`;
  return {
    measured,
    expected:
      `${gib(predicted.ramBytes)}, ${formatFigure(Math.abs(errorPercent))} % too ${errorPercent < 0 ? 'low' : 'high'}: ` +
      `weights ${gib(predicted.weightsBytes)}, KV cache ${gib(predicted.kvCacheBytes)}, ` +
      `process ${gib(predicted.processBytes)} (${basisText(predicted)})${gpu}`,
  };
};
