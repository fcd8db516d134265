import type { Preset } from '../../../shared/contract/preset.ts';
import { formatRough } from '../../../shared/units/format.ts';
import classes from './pickers.module.css';

interface PresetPickerProps {
  readonly presets: readonly Preset[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** How thoroughly to measure. */
export const PresetPicker = ({ presets, chosen, onChoose }: PresetPickerProps) => (
  <div role="radiogroup" aria-label="Preset" className={classes.presets}>
    {presets.map((preset) => (
      <label key={preset.name} className={classes.preset}>
        <input
          type="radio"
          name="preset"
          value={preset.name}
          checked={preset.name === chosen}
          onChange={() => onChoose(preset.name)}
        />
        <span className={classes.presetTitle}>
          {preset.title}
          <span className={classes.figure}>
            {preset.secondsPerModel === null
              ? 'time not known yet'
              : `about ${formatRough(preset.secondsPerModel * 1000)} per file`}
          </span>
        </span>
        <span className={classes.presetText}>{preset.description}</span>
      </label>
    ))}
  </div>
);
