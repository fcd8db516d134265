import type { MemoryFit, ModelDetails } from '../../shared/contract/models.ts';
import { formatCount, formatGib } from '../../shared/units/format.ts';
import { quantTypes } from './quant-types.ts';
import { estimateQuantizedBytes } from './quantized-size.ts';

type Figures = Omit<MemoryFit, 'advice'>;

/** The types worth naming to somebody whose model does not fit, best first. */
const advisedTypes = ['Q8_0', 'Q6_K', 'Q5_K_M', 'Q4_K_M', 'Q3_K_M', 'Q2_K'] as const;

const gib = (bytes: number): string => `${formatGib(bytes)} GiB`;

/** The best advised type, smaller than this file, whose weights would make the rest fit. */
const smallerType = (figures: Figures, details: ModelDetails): string | undefined => {
  const need = figures.totalRamBytes + figures.totalVramBytes;
  const free = figures.availableRamBytes + figures.availableVramBytes;
  const target = figures.weightsBytes - (need - free);
  return advisedTypes.find((name) => {
    const type = quantTypes.find((each) => each.name === name);
    if (type === undefined) return false;
    const bytes = estimateQuantizedBytes(details, type);
    return bytes < figures.weightsBytes && bytes <= target;
  });
};

/** How many slots would fit with this context, as the cache is the only part that grows with them. */
const fewerSlots = (figures: Figures): number => {
  const missing =
    figures.totalRamBytes + figures.totalVramBytes - figures.availableRamBytes - figures.availableVramBytes;
  const perSlot = figures.kvCacheBytes / figures.slots;
  return perSlot === 0 ? 0 : Math.floor((figures.kvCacheBytes - missing) / perSlot);
};

const ways = (figures: Figures, details: ModelDetails): readonly string[] => {
  const type = smallerType(figures, details);
  const slots = fewerSlots(figures);
  return [
    ...(type === undefined ? [] : [type]),
    ...(figures.largestContextSize > 0 && figures.largestContextSize < figures.contextSize
      ? [`a context of ${formatCount(figures.largestContextSize)}`]
      : []),
    ...(slots >= 1 && slots < figures.slots ? [`${slots} ${slots === 1 ? 'slot' : 'slots'}`] : []),
  ];
};

/**
 * One sentence: what fits, or the nearest settings that would. `Needs 9.10 GiB, 7.80 GiB free: choose Q4_K_M or a
 * context of 4,096.` Names video memory when that is what lacks.
 */
export const adviseFit = (figures: Figures, details: ModelDetails): string => {
  const lacksVram = figures.totalVramBytes > figures.availableVramBytes && figures.availableVramBytes > 0;
  const need = lacksVram ? figures.totalVramBytes : figures.totalRamBytes;
  const free = lacksVram ? figures.availableVramBytes : figures.availableRamBytes;
  const kind = lacksVram ? ' of video memory' : '';
  if (figures.fits) {
    const largest = formatCount(figures.largestContextSize);
    const room =
      figures.largestContextSize > figures.contextSize ? `; up to ${largest} tokens per slot would fit` : '';
    return `Fits: needs ${gib(need)} of ${gib(free)} free${kind}${room}.`;
  }
  const choices = ways(figures, details);
  const step =
    choices.length === 0
      ? 'close other programs, or choose a smaller model'
      : `choose ${choices.length === 1 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`}`;
  return `Needs ${gib(need)}${kind}, ${gib(free)} free: ${step}.`;
};
