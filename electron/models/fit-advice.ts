import type { MemoryFit, ModelDetails } from '../../shared/contract/models.ts';
import { formatCount, formatGib } from '../../shared/units/format.ts';
import { quantTypes } from './quant-types.ts';
import { estimateQuantizedBytes } from './quantized-size.ts';

type Figures = Omit<MemoryFit, 'advice'>;

/** How the need stands in the tighter of the memories. */
export interface Shortage {
  readonly memory: 'ram' | 'vram';
  readonly needBytes: number;
  readonly freeBytes: number;
  /** need − free; zero or less fits. */
  readonly missingBytes: number;
}

/** The types worth naming to somebody whose model does not fit, best first. */
const advisedTypes = ['Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K'] as const;

const gib = (bytes: number): string => `${formatGib(bytes)} GiB`;

/** The best advised type, smaller than this file, with which the missing bytes are saved. */
const smallerType = (
  { weightsBytes }: Figures,
  details: ModelDetails,
  missingBytes: number,
): string | undefined =>
  advisedTypes.find((name) => {
    const type = quantTypes.find((each) => each.name === name);
    if (type === undefined) return false;
    const bytes = estimateQuantizedBytes(details, type);
    return bytes < weightsBytes && bytes <= weightsBytes - missingBytes;
  });

/** How many slots would fit with this context, as the cache is the only part that grows with them. */
const fewerSlots = ({ kvCacheBytes, slots }: Figures, missingBytes: number): number =>
  kvCacheBytes === 0 ? 0 : Math.floor(((kvCacheBytes - missingBytes) * slots) / kvCacheBytes);

const waysOut = (
  figures: Figures,
  details: ModelDetails,
  { missingBytes, memory }: Shortage,
): readonly string[] => {
  const { largestContextSize, contextSize, settings } = figures;
  const type = smallerType(figures, details, missingBytes);
  const slots = fewerSlots(figures, missingBytes);
  const hasSmallerContext = largestContextSize > 0 && largestContextSize < contextSize;
  return [
    ...(type === undefined ? [] : [type]),
    ...(hasSmallerContext ? [`a context of ${formatCount(largestContextSize)}`] : []),
    ...(slots >= 1 && slots < figures.slots ? [`${slots} ${slots === 1 ? 'slot' : 'slots'}`] : []),
    ...(memory === 'vram' && settings.gpuLayers !== 'auto' ? ['automatic GPU layers'] : []),
  ];
};

const oneOf = (choices: readonly string[]): string =>
  choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`;

/**
 * One sentence: what fits, or the nearest settings that would. `Needs 9.10 GiB, 7.80 GiB free: choose Q4_K_M or a
 * context of 4,096.` Names video memory when that is the tighter one.
 */
export const adviseFit = (figures: Figures, details: ModelDetails, shortage: Shortage): string => {
  const { needBytes, freeBytes } = shortage;
  const kind = shortage.memory === 'vram' ? ' of video memory' : '';
  if (figures.fits) {
    const { largestContextSize, contextSize } = figures;
    const room =
      largestContextSize > contextSize
        ? `; up to ${formatCount(largestContextSize)} tokens per slot would fit`
        : '';
    return `Fits: needs ${gib(needBytes)} of ${gib(freeBytes)} free${kind}${room}.`;
  }
  const choices = waysOut(figures, details, shortage);
  const step =
    choices.length === 0 ? 'close other programs, or choose a smaller model' : `choose ${oneOf(choices)}`;
  return `Needs ${gib(needBytes)}${kind}, ${gib(freeBytes)} free: ${step}.`;
};
