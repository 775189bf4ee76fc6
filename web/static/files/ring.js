// Sounds once on a page that says that a card has just paid.

import { audio, chime } from './chime.js';

audio?.resume().then(chime, () => {}); // refused where nobody touched the site yet
