import { useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useQuery } from '../live/use-query.ts';
import { useServices } from '../services-context.ts';

/** Follows the stored theme; `system` leaves the choice to the operating system. */
export const useThemeSetting = (): void => {
  const { queries } = useServices();
  const { setColorScheme } = useMantineColorScheme();
  const theme = useQuery(queries.settings()).data?.theme;
  useEffect(() => {
    if (theme !== undefined) setColorScheme(theme === 'system' ? 'auto' : theme);
  }, [theme, setColorScheme]);
};
