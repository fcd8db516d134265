import { modifierName } from '../actions/shortcut.ts';
import { formatRoute, type Route } from '../router/route.ts';
import { railPages } from '../router/pages.ts';
import { DynoMark } from './dyno-mark.tsx';
import classes from './rail.module.css';

/** The pages, one press away. */
export const Rail = ({ route }: { readonly route: Route }) => (
  <nav className={classes.rail} aria-label="Pages">
    <a href={formatRoute({ page: 'home' })} className={classes.mark} aria-label="Dyno, Home">
      <DynoMark />
    </a>
    {railPages.map((page, index) => {
      const isHere = page.holds.includes(route.page);
      return (
        <a
          key={page.title}
          href={formatRoute(page.route)}
          className={classes.link}
          title={`${page.title} (${modifierName()}+${index + 1})`}
          {...(isHere ? { 'aria-current': 'page' as const } : {})}
        >
          <page.icon size={20} stroke={1.6} aria-hidden />
          {page.title}
        </a>
      );
    })}
  </nav>
);
