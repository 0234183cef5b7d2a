const secretName = /(TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_KEY|ACCESS_KEY|_KEY|CREDENTIALS?)$/i;
/** Shorter values would mask ordinary words. */
const shortest = 12;

/** Values of the user's environment whose names say that they are secret: to be masked wherever they turn up. */
export function knownSecrets(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && value.length >= shortest && secretName.test(name) ? [value] : [],
  );
}
