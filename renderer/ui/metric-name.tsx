import { Popover } from '@mantine/core';
import { metricDefinition, type MetricId } from '../../shared/metrics/definitions.ts';
import classes from './metric-name.module.css';

interface MetricNameProps {
  readonly metric: MetricId;
  /** Overrides the short name, e.g. `pp512`. */
  readonly label?: string;
  /** The unit behind the name, as in a column head. */
  readonly withUnit?: boolean;
}

/** A metric's name that opens its definition, formula, and what other tools call it. */
export const MetricName = ({ metric, label, withUnit = false }: MetricNameProps) => {
  const definition = metricDefinition(metric);
  return (
    <Popover width={340} position="bottom" withArrow>
      <Popover.Target>
        <button type="button" className={classes.name}>
          {label ?? definition.name}
          {withUnit && definition.unit !== '' ? (
            <span className={classes.unit}> {definition.unit}</span>
          ) : null}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={`${definition.name}: definition`}>
        <p className={classes.title}>
          {definition.name}
          {definition.unit === '' ? '' : ` (${definition.unit})`}
        </p>
        <p>{definition.definition}</p>
        <p className="mono">{definition.formula}</p>
        <p className="muted">{definition.elsewhere}</p>
        {definition.better === 'none' ? null : <p className="muted">Better is {definition.better}.</p>}
      </Popover.Dropdown>
    </Popover>
  );
};
