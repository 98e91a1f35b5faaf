// What stands before every report in LaTeX.

/** The entry of the paper stands in the file itself: `filecontents` writes PAPER.bib beside it when it compiles. */
export const BIBLIOGRAPHY = String.raw`\begin{filecontents}[overwrite]{dedgeai-paper.bib}
@misc{dedgeai,
  author = {Xu, Changfu and Guo, Jianxiong and Lin, Wanyu and Zou, Haodong and Fan, Wentao and Wang, Tian and Chu, Xiaowen and Cao, Jiannong},
  title = {Accelerating {AIGC} Services with Latent Action Diffusion Scheduling in Edge Networks},
}
\end{filecontents}`;

export const PREAMBLE = String.raw`\documentclass[10pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  % A character that the fonts lack shows its number.
  \newcommand{\dedgeaichar}[1]{{\small U+#1}}
\else
  \usepackage{fontspec}
  \newcommand{\dedgeaichar}[1]{\iffontchar\font"#1 \char"#1 \else{\small U+#1}\fi}
\fi
\usepackage{textcomp}
\usepackage[margin=20mm]{geometry}
\usepackage{array,booktabs,graphicx,longtable}
\usepackage{pgfplots}
\pgfplotsset{compat=1.16, dedgeai/.style={width=0.9\linewidth, height=6cm, grid=major, grid style={gray!25}, tick label style={font=\small}, label style={font=\small}, legend style={font=\small}}}
\definecolor{seriesa}{HTML}{2F6DE4}
\definecolor{seriesb}{HTML}{692103}
\definecolor{seriesc}{HTML}{0D6A45}
\definecolor{seriesd}{HTML}{D3347B}
\definecolor{seriese}{HTML}{8B730C}
\definecolor{seriesf}{HTML}{48276C}
\definecolor{partupload}{HTML}{247F9E}
\definecolor{partwaiting}{HTML}{976E35}
\definecolor{partcompute}{HTML}{0E3DB7}
\definecolor{partdownload}{HTML}{064113}
\definecolor{partresend}{HTML}{6F7B88}
\definecolor{partcontrol}{HTML}{742C51}
% A picture that did not come along is no reason to stop.
\newcommand{\dedgeaipicture}[1]{\IfFileExists{#1}{\includegraphics[width=\linewidth]{#1}}{\emph{(picture not here)}}}
\newcommand{\dedgeaimark}[1]{\textbf{(#1)}}
\setlength{\parindent}{0pt}
\setlength{\parskip}{5pt}
\sloppy`;
