import { formatFigure, formatGib } from '../../../../shared/units/format.ts';
import pickers from '../pickers.module.css';
import classes from './shootout.module.css';
import type { TypeChoice } from './shootout-plan.ts';

interface TypePickerProps {
  readonly choices: readonly TypeChoice[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Ticks the quantizations to compare; those that are not there yet are made. */
export const TypePicker = ({ choices, chosen, onChange }: TypePickerProps) => (
  <div role="group" aria-label="Quantizations" className={pickers.list}>
    {choices.map(({ type, sizeBytes, isThere }) => (
      <label key={type.name} className={`${pickers.model} ${classes.type}`} title={type.note}>
        <input
          type="checkbox"
          checked={chosen.includes(type.name)}
          onChange={() =>
            onChange(
              chosen.includes(type.name)
                ? chosen.filter((name) => name !== type.name)
                : [...chosen, type.name],
            )
          }
        />
        <span className="mono">{type.name}</span>
        <span className={pickers.figure}>{formatFigure(type.bitsPerWeight)} bpw</span>
        <span className={pickers.figure}>{formatGib(sizeBytes)} GiB</span>
        <span className={classes.state}>{isThere ? 'is there' : 'to be made'}</span>
      </label>
    ))}
  </div>
);
