// Saves a chart as a picture, in the reader's browser, from what it has drawn: no server, no other host. The picture is
// one SVG with the finding above and definition, source, release and day below; as PNG it is that SVG, painted.
// Inlined into the start page by server.py. The words are those beside the buttons (components/picture.py).
(() => {
    const NS = 'http://www.w3.org/2000/svg', EDGE = 32, LEAST = 360;
    const SANS = "'Porchlight Sans', 'Porchlight States', sans-serif", SERIF = "'Porchlight Serif', serif";
    const pen = document.createElement('canvas').getContext('2d');
    const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const make = (tag, attributes, ...inside) => {
        const made = document.createElementNS(NS, tag);
        for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
        made.append(...inside);
        return made;
    };

    // Words, broken into lines that fit; returns the height that they take.
    const write = (svg, words, top, width, {size, family = SANS, weight = 400, ink = 'ink2', left = EDGE}) => {
        pen.font = `${weight} ${size}px ${family}`;
        const lines = [''], wide = text => pen.measureText(text).width > width;
        for (const word of words.split(/\s+/).filter(Boolean)) {
            const longer = `${lines.at(-1)} ${word}`.trim();
            if (wide(word)) {
                const fits = Math.max(1, Math.floor(word.length * width / pen.measureText(word).width) - 1);
                lines.push(...word.match(new RegExp(`.{1,${fits}}`, 'g')));
            }
            else if (lines.at(-1) && wide(longer)) lines.push(word);
            else lines[lines.length - 1] = longer;
        }
        if (!lines[0]) lines.shift();
        lines.forEach((line, at) => svg.append(make('text', {
            x: left, y: top + size + at * size * 1.35, fill: colour(ink), 'font-family': family, 'font-size': size,
            'font-weight': weight,
        }, line)));
        return lines.length * size * 1.35;
    };

    // What Plotly has drawn, without what is not seen at this width and without its handles.
    const drawn = (plot, left, top) => {
        const group = make('g', {transform: `translate(${left} ${top})`});
        for (const layer of plot.querySelectorAll('.main-svg')) {
            const copy = layer.cloneNode(true), seen = [...layer.querySelectorAll('*')];
            const hidden = [...copy.querySelectorAll('*')].filter((part, at) =>
                getComputedStyle(seen[at]).display === 'none'
                || part.matches('.hoverlayer, .zoomlayer, .draglayer, .modebar-container, .selectionlayer'));
            hidden.forEach(part => part.remove());
            copy.style.background = 'none';
            copy.setAttribute('overflow', 'visible');
            group.append(copy);
        }
        return group;
    };

    // What the page says between a chart and its row of sources: shades, numbers of periods, symbols, coverage.
    const below = (last, row) => [...document.querySelectorAll(
        '.pl-scale, ul.pl-key li, ul.pl-legend, .pl-coverage span')].filter(part =>
        part.checkVisibility() && last.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING
        && row.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_PRECEDING);

    const symbols = list => [...list.children].map(one =>
        [...one.childNodes].map(piece => piece.textContent).join(' ')).join(', ');

    const shades = (svg, scale, top) => {
        [...scale.querySelectorAll('span')].forEach((step, at) => {
            svg.append(make('rect', {x: EDGE + at * 54, y: top, width: 54, height: 10,
                fill: getComputedStyle(step).borderTopColor}));
            write(svg, step.textContent, top + 11, 54, {size: 13, ink: 'ink3', left: EDGE + at * 54});
        });
        return 32 + write(svg, scale.lastChild.textContent.trim(), top + 32, 300, {size: 13, ink: 'ink3'});
    };

    // Name, weight, file, and a letter that the face has.
    const FACES = [['Porchlight Sans', 400, 'source-sans-3-latin-400-normal', 'H'],
        ['Porchlight Sans', 600, 'source-sans-3-latin-600-normal', 'H'],
        ['Porchlight Serif', 600, 'source-serif-4-latin-600-normal', 'H'],
        ['Porchlight States', 400, 'porchlight-states', '\u25cb']];
    const fonts = async () => {
        const rules = await Promise.all(FACES.map(async ([family, weight, file]) => {
            const answer = await fetch(`${location.origin}/app/static/fonts/${file}.woff2`);
            const bytes = String.fromCharCode(...new Uint8Array(await answer.arrayBuffer()));
            return `@font-face{font-family:'${family}';font-weight:${weight};`
                + `src:url(data:font/woff2;base64,${btoa(bytes)})}`;
        }));
        return rules.join('');
    };

    const compose = async said => {
        const boxes = said.charts.split(' ').map(key => document.querySelector(`.st-key-chart-${key}`));
        const plots = boxes.map(box => box.querySelector('.js-plotly-plot'));
        // Panels stand to each other as they do on the page.
        const places = plots.map(plot => plot.getBoundingClientRect()), least = name => Math.min(
            ...places.map(place => place[name]));
        const inner = Math.max(LEAST, ...places.map(place => place.right - least('left'))), width = inner + 2 * EDGE;
        const svg = make('svg', {xmlns: NS, 'font-family': SANS, role: 'img'});
        svg.append(make('title', {}, [said.mark, said.title, said.cite].filter(Boolean).join(' ')),
            make('desc', {}, said.alt), make('style', {}, await fonts()));
        const paper = svg.appendChild(make('rect', {width: '100%', height: '100%', fill: colour('paper')}));
        let y = 20;
        if (said.mark) {
            const band = svg.appendChild(make('rect', {width: '100%', fill: colour('accent')}));
            y = 22 + write(svg, said.mark, 10, inner, {size: 16, weight: 600, ink: 'on-accent'});
            band.setAttribute('height', y);
            y += 16;
        }
        y += write(svg, said.title, y, inner, {size: 26, family: SERIF, weight: 600, ink: 'ink'}) + 4;
        if (said.lede) y += write(svg, said.lede, y, inner, {size: 16});
        y += boxes.length > 1 ? 40 : 14;
        places.forEach((place, at) => {
            const name = boxes.length > 1 && boxes[at].closest('[data-testid=stColumn]')?.querySelector('h3');
            const left = EDGE + place.left - least('left'), top = y + place.top - least('top');
            if (name) write(svg, name.textContent, top - 26, inner, {size: 16, weight: 600, ink: 'ink', left});
            svg.append(drawn(plots[at], left, top));
        });
        y += Math.max(...places.map(place => place.bottom)) - least('top');
        y += 10;
        for (const part of below(boxes.at(-1), said.row)) {
            y += part.matches('.pl-scale') ? shades(svg, part, y)
                : write(svg, part.matches('ul') ? symbols(part) : part.textContent, y, inner, {size: 14}) + 2;
        }
        y += 8;
        svg.append(make('rect', {x: EDGE, y, width: inner, height: 1, fill: colour('rule')}));
        y += 8;
        for (const words of [said.definition, said.source, said.cite])
            if (words) y += write(svg, words, y, inner, {size: 13, ink: 'ink3'}) + 3;
        y = Math.ceil(y + 18);
        svg.setAttribute('width', width);
        svg.setAttribute('height', y);
        svg.setAttribute('viewBox', `0 0 ${width} ${y}`);
        paper.setAttribute('height', y);
        return {svg, width, height: y};
    };

    const written = svg => new XMLSerializer().serializeToString(svg);

    // A browser may paint an SVG before its fonts are there, and then leaves out the words. So a letter of each face is
    // painted below the picture, and the picture is taken once all of them are seen (after 4 s without).
    const TWICE = 2, PROOF = 30;
    const painted = async ({svg, width, height}) => {
        const proof = svg.cloneNode(true);
        proof.setAttribute('height', height + PROOF);
        proof.setAttribute('viewBox', `0 0 ${width} ${height + PROOF}`);
        FACES.forEach(([family, weight, , letter], at) => proof.append(make('text', {
            x: at * PROOF, y: height + 24, fill: '#000', 'font-family': family, 'font-weight': weight, 'font-size': 24,
        }, letter)));
        const image = new Image();
        image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(proof))}`;
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), {width: width * TWICE, height: height * TWICE});
        const trial = Object.assign(document.createElement('canvas'), {width: FACES.length * PROOF, height: PROOF});
        const brush = canvas.getContext('2d'), glance = trial.getContext('2d', {willReadFrequently: true});
        const seen = () => {
            glance.clearRect(0, 0, trial.width, PROOF);
            glance.drawImage(image, 0, height, trial.width, PROOF, 0, 0, trial.width, PROOF);
            return FACES.every((_, at) => glance.getImageData(at * PROOF, 0, PROOF, PROOF).data.some(byte => byte));
        };
        for (let trials = 0; !seen() && trials < 80; trials++) await new Promise(soon => setTimeout(soon, 50));
        brush.drawImage(image, 0, 0, width, height, 0, 0, canvas.width, canvas.height);
        return new Promise(done => canvas.toBlob(done, 'image/png'));
    };

    addEventListener('click', async event => {
        const button = event.target.closest?.('.pl-picture button');
        if (!button) return;
        const row = button.closest('.pl-picture'), kind = button.dataset.kind;
        const whole = await compose({...row.dataset, row});
        const file = kind === 'png' ? await painted(whole) : new Blob([written(whole.svg)], {type: 'image/svg+xml'});
        const link = Object.assign(document.createElement('a'), {
            href: URL.createObjectURL(file), download: `${row.dataset.file}${kind}`});
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    });

    // Copies what stands below a Copy button; where the browser forbids it, the words are marked for the reader to copy.
    addEventListener('click', async event => {
        const button = event.target.closest?.('.pl-copy button');
        if (!button) return;
        const words = button.closest('.pl-copy').nextElementSibling;
        getSelection().selectAllChildren(words);
        try {
            await navigator.clipboard.writeText(words.textContent);
            button.textContent = '\u2713';
        } catch {
            words.focus();
        }
    });

    // On a wall the arrow keys turn to the next chart.
    addEventListener('keydown', event => {
        const turn = {ArrowLeft: 'back', ArrowRight: 'on'}[event.key];
        if (turn && !event.target.closest?.('input, textarea')) document.querySelector(`.st-key-turn-${turn} button`)?.click();
    });
})();
