; The installer for Windows; Inno Setup 6.3 or later. installer.py compiles it and says where
; everything lies:
;   Frozen     the frozen folder        Output  the folder of the installer
;   Generated  the folder of settings.isi, associations.isi and what the installer shows
;   Signing    only there if what is made is to be signed
#include Generated + "\settings.isi"
#ifndef Programs
; Of one user %LOCALAPPDATA%\Programs, of all users %ProgramFiles%.
#define Programs "{autopf}"
#endif
#define Window "ecgview-gui.exe"
#define Console "ecgview.exe"

[Setup]
; Upgrades and the uninstaller find the program by this; it never changes.
AppId={{D4A55771-DCFD-442D-9A15-D3F442E0D4F8}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher={#Publisher}
AppComments={#Summary}
VersionInfoVersion={#VersionNumbers}
VersionInfoProductTextVersion={#Version}
VersionInfoCompany={#Publisher}
VersionInfoDescription={#Name} installer
VersionInfoProductName={#Name}
VersionInfoCopyright={#Copyright}
; Without administrator rights, unless someone asks for an installation for all users.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; Qt 6.10 needs Windows 10, version 1809.
MinVersion=10.0.17763
DefaultDirName={#Programs}\{#Name}
DisableProgramGroupPage=yes
LicenseFile={#Generated}\licence.txt
InfoBeforeFile={#Generated}\before.txt
SetupIconFile={#Generated}\ecgview.ico
UninstallDisplayIcon={app}\{#Window}
UninstallDisplayName={#Name}
WizardStyle=modern
WizardSmallImageFile={#Generated}\wizard-55.bmp,{#Generated}\wizard-83.bmp,{#Generated}\wizard-110.bmp,{#Generated}\wizard-138.bmp
ChangesAssociations=yes
ChangesEnvironment=yes
SetupMutex={#Name}-setup
; A running ecgview is asked to close, as its files cannot be replaced under it.
CloseApplications=yes
CloseApplicationsFilter=*.exe,*.dll,*.pyd
RestartApplications=yes
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
OutputDir={#Output}
OutputBaseFilename={#OutputName}
#ifdef Signing
SignTool=ecgview
SignedUninstaller=yes
#endif

[Tasks]
Name: desktop; Description: "Put an icon on the desktop"; Flags: unchecked
Name: path; Description: "Let terminals find the command {#Name} (adds the folder to PATH)"; Flags: unchecked

[InstallDelete]
; Of an earlier version; what is no longer shipped must not be imported.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
#ifdef Signing
Source: "{#Frozen}\{#Window}"; DestDir: "{app}"; Flags: ignoreversion signonce
Source: "{#Frozen}\{#Console}"; DestDir: "{app}"; Flags: ignoreversion signonce
#else
Source: "{#Frozen}\{#Window}"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Frozen}\{#Console}"; DestDir: "{app}"; Flags: ignoreversion
#endif
Source: "{#Frozen}\*"; DestDir: "{app}"; Excludes: "\{#Window},\{#Console}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Window}"; Comment: "{#Summary}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Window}"; Comment: "{#Summary}"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "{code:EnvironmentKey}"; ValueType: expandsz; ValueName: "Path"; ValueData: "{code:PathWithApp}"; Flags: preservestringtype; Tasks: path

[Run]
Filename: "{app}\{#Window}"; Description: "Open {#Name}"; Flags: nowait postinstall skipifsilent

[Code]
const
  Classes = 'Software\Classes\';
  PreviousValue = 'ecgview.previous';

{ Whether no other program opens files of an ending, be it for this user or for all. }
function IsFreeIn(Root: Integer; Ending, ProgId: String): Boolean;
var
  Program_, Command: String;
begin
  Result := not RegQueryStringValue(Root, Classes + Ending, '', Program_) or (Program_ = '') or
    (Program_ = ProgId);
  if not Result then begin
    Command := Classes + Program_ + '\shell\open\command';
    Result := not RegKeyExists(HKCU, Command) and not RegKeyExists(HKLM, Command);
  end;
end;

{ Only then is ecgview proposed. }
function IsFree(Ending, ProgId: String): Boolean;
begin
  Result := IsFreeIn(HKCU, Ending, ProgId) and IsFreeIn(HKLM, Ending, ProgId);
end;

{ Remember who opened files of an ending before. }
procedure KeepPrevious(Ending, ProgId: String);
var
  Program_: String;
begin
  if RegQueryStringValue(HKA, Classes + Ending, '', Program_) and (Program_ <> '') and
     (Program_ <> ProgId) then
    RegWriteStringValue(HKA, Classes + Ending, PreviousValue, Program_);
end;

{ Let the program of before, if any, open files of an ending again; another one's choice stays. }
procedure GiveBack(Ending, ProgId: String);
var
  Program_, Previous: String;
begin
  if not RegQueryStringValue(HKA, Classes + Ending, '', Program_) or (Program_ <> ProgId) then
    exit;
  if RegQueryStringValue(HKA, Classes + Ending, PreviousValue, Previous) then
    RegWriteStringValue(HKA, Classes + Ending, '', Previous)
  else
    RegDeleteValue(HKA, Classes + Ending, '');
  RegDeleteValue(HKA, Classes + Ending, PreviousValue);
  RegDeleteKeyIfEmpty(HKA, Classes + Ending);
end;

#include Generated + "\associations.isi"

[Code]
function EnvironmentKey(Unused: String): String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

function PathWithoutApp: String;
var
  Rest, Entry: String;
  At: Integer;
begin
  Result := '';
  if not RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Rest) then
    exit;
  while Rest <> '' do begin
    At := Pos(';', Rest + ';');
    Entry := Copy(Rest, 1, At - 1);
    Delete(Rest, 1, At);
    if (Entry <> '') and (CompareText(RemoveBackslash(Entry), ExpandConstant('{app}')) <> 0) then begin
      if Result <> '' then
        Result := Result + ';';
      Result := Result + Entry;
    end;
  end;
end;

function PathWithApp(Unused: String): String;
begin
  Result := PathWithoutApp;
  if Result <> '' then
    Result := Result + ';';
  Result := Result + ExpandConstant('{app}');
end;

procedure LeavePath;
var
  Before, After: String;
begin
  if not RegQueryStringValue(HKA, EnvironmentKey(''), 'Path', Before) then
    exit;
  After := PathWithoutApp;
  if Length(After) = Length(Before) then
    exit;
  if After = '' then
    RegDeleteValue(HKA, EnvironmentKey(''), 'Path')
  else
    RegWriteExpandStringValue(HKA, EnvironmentKey(''), 'Path', After);
end;

{ A choice that is taken back when installing again is undone; what is chosen follows from [Registry]. }
procedure CurStepChanged(CurStep: TSetupStep);
begin
  if CurStep = ssInstall then begin
    GiveBackAll;
    LeavePath;
  end;
end;

function IsToPurge: Boolean;
begin
  if UninstallSilent then
    Result := ExpandConstant('{param:PURGE|0}') = '1'
  else
    Result := MsgBox('Also delete your own settings, models, training runs and notes?' + #13#10#13#10 +
      'They lie in ' + ExpandConstant('{localappdata}\{#Name}') + ' and cannot be brought back. ' +
      'Recordings and notes beside them stay in any case.',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES;
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usUninstall then begin
    GiveBackAll;
    LeavePath;
  end;
  if (CurUninstallStep = usPostUninstall) and IsToPurge then begin
    DelTree(ExpandConstant('{localappdata}\{#Name}'), True, True, True);
    RegDeleteKeyIncludingSubkeys(HKCU, 'Software\{#Name}');
  end;
end;
